"""YAML read into plain values: no code, no key twice, times of day left to the schema."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from trainer.programs.content_errors import PackError, Problem

LARGEST_FILE = 5_000_000  # bytes
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file of at most 5 MB. Raises PackError if it is none, or says a key twice."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError("it is larger than 5 MB")
        return plain_values(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise PackError(path.name, [Problem("the file", f"cannot be read: {error}")]) from error


def plain_values(text: str | bytes) -> Any:
    """The content of a YAML text. Raises ValueError for a key said twice, YAMLError or RecursionError for no YAML."""
    loader = LOADER(text)
    node = loader.get_single_node()
    if node is None:
        return None
    for key in _doubled_keys(node):  # YAML would silently keep the last one
        raise ValueError(f"line {key.start_mark.line + 1} says {key.value!r} a second time")
    return loader.construct_document(node)


def _doubled_keys(root: yaml.Node) -> Iterator[yaml.ScalarNode]:
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, yaml.ScalarNode):  # an alias leads to the same node again
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            times = Counter(key.value for key in keys)
            yield from (key for key in reversed(keys) if times[key.value] > 1)
            waiting += [value for _, value in node.value]
        else:
            waiting += node.value
