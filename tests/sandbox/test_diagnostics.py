"""Tests of the diagnosis in `grader doctor`: the level that a report allows, and a remedy for each missing layer.

Covers `sandbox/host_info.py`.
"""

import json
from dataclasses import asdict, replace
from itertools import product

import pytest

from grader.sandbox.diagnostics import SANDBOX_LAYERS, LayerStatus, diagnose_layers
from grader.sandbox.host_info import KERNEL_SETTINGS, HostInfo, inspect_host
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import probe_sandbox

PLAIN = HostInfo("Linux", "6.1.0", "x86_64", False, "", False, ("lockdown", "yama"), {})
DENIED = "unshare: Operation not permitted"


def part(name: str, step: str, machine: HostInfo = PLAIN) -> LayerStatus:
    report = {**dict.fromkeys(SANDBOX_LAYERS, ""), name: step}
    return next(p for p in diagnose_layers(report, machine)[1] if p.name == name)


def test_all_layers_work() -> None:
    """If every layer works, the level is full and there is nothing to do."""
    level, parts = diagnose_layers(dict.fromkeys(SANDBOX_LAYERS, ""), PLAIN)
    assert level is Level.FULL
    assert [p.name for p in parts if p.works and not p.remedy and p.meaning] == list(SANDBOX_LAYERS)


@pytest.mark.parametrize("broken", list(product([False, True], repeat=4)))
def test_level_by_layers(broken: tuple[bool, ...]) -> None:
    """Without seccomp or limits: none; without Landlock: seccomp; without namespaces: landlock. Each has a remedy."""
    report = {name: "step: reason" if b else "" for name, b in zip(SANDBOX_LAYERS, broken, strict=True)}
    level, parts = diagnose_layers(report, PLAIN)
    namespaces, landlock, seccomp, limits = broken
    weakest = Level.NONE if seccomp or limits else Level.SECCOMP if landlock else Level.LANDLOCK
    assert level is (weakest if any(broken) else Level.FULL)
    assert [bool(p.remedy) for p in parts] == list(broken) == [not p.works for p in parts]
    assert namespaces == bool(parts[0].failed_step)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("kernel.apparmor_restrict_unprivileged_userns", "1"),
        ("kernel.unprivileged_userns_clone", "0"),
        ("user.max_user_namespaces", "0"),
        ("user.max_pid_namespaces", "0"),
    ],
)
def test_a_setting_that_forbids_namespaces_is_reported(setting: str, value: str) -> None:
    """The kernel setting that forbids them is named, with the command that changes it."""
    assert f"sysctl {setting}=" in part("namespaces", DENIED, replace(PLAIN, settings={setting: value})).remedy


def test_a_containers_remedy_is_an_option() -> None:
    """The remedy in a container is an option of its engine."""
    for machine in (replace(PLAIN, container="docker"), replace(PLAIN, filtered=True)):
        assert "--security-opt seccomp=" in part("namespaces", DENIED, machine).remedy


def test_landlock_disabled_or_missing() -> None:
    """Disabled Landlock asks for a boot parameter that keeps other modules; missing Landlock for another kernel."""
    off = part("landlock", "landlock_create_ruleset: Operation not supported")
    assert "lsm=landlock,lockdown,yama" in off.remedy
    missing = part("landlock", "landlock_create_ruleset: Function not implemented")
    assert "CONFIG_SECURITY_LANDLOCK" in missing.remedy


def test_root_without_its_capabilities() -> None:
    """A root that can't change its uid is advised to use an ordinary user."""
    assert "CAP_SETUID" in part("limits", "setresuid: Operation not permitted").remedy


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_other_systems(system: str) -> None:
    """On other systems every layer says that the sandbox needs Linux."""
    machine = replace(PLAIN, system=system)
    level, parts = diagnose_layers(dict.fromkeys(SANDBOX_LAYERS, "system: not Linux"), machine)
    assert level is Level.NONE
    assert all("needs Linux" in p.remedy for p in parts)


def test_this_machine() -> None:
    """The diagnosis of this machine can be written as JSON, with the settings that the advice needs."""
    machine = inspect_host()
    level, parts = diagnose_layers(probe_sandbox(), machine)
    assert json.loads(json.dumps([level, [asdict(p) for p in parts], asdict(machine)]))[0] == level
    assert set(machine.settings) == set(KERNEL_SETTINGS)
