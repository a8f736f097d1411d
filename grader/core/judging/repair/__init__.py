"""Repair search: small edits of a student's own function, with which checks pass that fail without them.

subject          one function under repair: its checks, and what they make of an answer
candidate_order  the order in which edits are tried
search           rounds of trial calls: the best edit, then the best one beside it, up to three
claim            what is claimed of the edits that were found, after calls with other inputs

Nothing is run here: a search says what to call, and is told the answers.
"""
