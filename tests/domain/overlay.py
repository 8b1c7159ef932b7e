"""Examples of docs/linting.md are short: each is laid over what `manage.py new` makes."""

import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

DOCS = (Path(__file__).resolve().parent.parent.parent / "docs/linting.md").read_text(encoding="utf-8")
SECTIONS = {section[:4]: section for section in re.split(r"^##+ ", DOCS, flags=re.MULTILINE)[1:]}
"""Each code's section, its heading first."""


def example(code: str, which: str) -> str:
    """The YAML of the one example that has the code, or of the one that `has not`."""
    blocks = re.findall(rf"^```yaml {which}\n(.*?)^```$", SECTIONS[code], re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    return str(blocks[0])


def laid_over(base: Any, patch: Any) -> Any:
    """Mappings merged, list items by `id` or else by place, `null` removes."""
    if isinstance(base, dict) and isinstance(patch, dict):
        merged = dict(base)
        for key, value in patch.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = laid_over(base.get(key), value)
        return merged
    if isinstance(base, list) and isinstance(patch, list) and all(isinstance(each, dict) for each in patch):
        if not any("id" in each for each in patch):
            return [old if new is None else laid_over(old, new) for old, new in zip_longest(base, patch)]
        known = {each.get("id"): n for n, each in enumerate(base)}
        merged_list = list(base)
        for each in patch:
            if each["id"] in known:
                merged_list[known[each["id"]]] = laid_over(base[known[each["id"]]], each)
            else:
                merged_list.append(each)
        return merged_list
    return patch
