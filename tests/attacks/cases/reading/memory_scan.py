"""The readable memory of this process contains no expected tensor and no secret of the grader."""
# cpu: 30

import ctypes
import gc
import sys

libc = ctypes.CDLL(None, use_errno=True)
PAGE = 4096
NUMBER = [14]


def mapped(address):
    ctypes.set_errno(0)  # a question that the kernel answers EFAULT where nothing is mapped, else EINVAL
    libc.syscall(NUMBER[0], 12345, ctypes.c_void_p(address), None, 8)
    return ctypes.get_errno() == 22


def regions(anchors, reach):
    seen = set()
    for anchor in anchors:
        for step in (PAGE, -PAGE):
            page = anchor & ~(PAGE - 1)
            for _ in range(reach):
                if page in seen or not mapped(page):
                    break
                seen.add(page)
                page += step
    return seen


def attack(facts):
    NUMBER[0] = 14 if facts["machine"] == "x86_64" else 135
    needles = [bytes(b ^ 0x55 for b in facts["masked_tensor"]), bytes(b ^ 0x55 for b in facts["masked_secret"])]
    own = bytes(b ^ 0x55 for b in facts["masked_own"])
    planted = ctypes.create_string_buffer(own)
    objects = gc.get_objects()
    anchors = {id(o) for o in objects[:: max(1, len(objects) // 500)]} | {ctypes.addressof(planted), id(sys), libc.sbrk(0)}
    anchors |= {ctypes.cast(libc.malloc, ctypes.c_void_p).value, id(None)}
    pages = regions(anchors, 20_000)
    control = False
    loot = []
    for page in pages:
        data = ctypes.string_at(page, PAGE)
        control = control or own[:16] in data
        for needle in needles:
            at = data.find(needle[:16])
            if at >= 0 and abs(page + at - id(needle)) > 4096:
                loot.append(page)
    spoken = [p for p in loot if not any(abs(p - id(n)) < 2 * PAGE for n in needles)]
    return [] if control and len(pages) > 200 and not spoken else [control, len(pages), spoken]
