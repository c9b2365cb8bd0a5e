"""What a line sets: the target it assigns, the port it connects, the label or name it introduces.

Two lines of one subject in a row are one line written twice, however different the rest. Must not resolve names.
"""

from __future__ import annotations

import re

_SUBJECT = re.compile(
    r"""
    \s*(?:
        \.(?P<port>[A-Za-z_][\w$]*)\s*(?:\(|,|$)
      | (?P<declared>(?:input|output|inout|logic|wire|reg|bit|int|genvar|localparam|parameter)\b
          [^=;,()]*?(?P<name>[A-Za-z_][\w$]*))\s*(?:\[[^\]]*\]\s*)*(?:[=;,]|$)
      | (?P<target>[^=<>!]*?)\s*<?=(?![=>])
      | (?P<label>[A-Za-z_'][\w$:'\ ,]*?)\s*:(?!:)
    )
    """,
    re.VERBOSE,
)


def subject(line: str) -> str:
    """What *line* sets, spelt so that equal subjects are equal; "" for a line that sets nothing.

    A condition before an assignment is no part of it: `if (a <= 1) q = 1;` has no subject, for its twin may follow.
    """
    found = _SUBJECT.match(line)
    if found is None:
        return ""
    if found["port"]:
        return f".{found['port']}"
    if found["declared"]:
        return f"{found['name']};"
    if found["label"]:
        return f"{''.join(found['label'].split())}:"
    target = " ".join((found["target"] or "").split())
    return "" if target.count("(") > target.count(")") else target
