"""The index of questions: what people ask, answered with numbers that are computed.

One module for each topic. An answer is a function; its numbers come from `conv_lib` when it is called, so they cannot
go stale. `tests/test_answers.py` holds them to the answers that public threads settled on, and to other computations.

>>> entry("five-or-six").address
'book/questions.html#five-or-six'
>>> entry("five-or-six").answer[:66]
'Both. A `valid` convolution with kernel 3 and stride 2 takes 5 and'
"""

from conv_lib.answers import (
    channels,
    concepts,
    decoders,
    dilation,
    errors,
    frameworks,
    kernels,
    numerics,
    output_padding,
    padding,
    sequences,
    sizes,
    speed,
    upsampling,
)
from conv_lib.answers._entry import PLACES, Entry, Target, Topic

TOPICS: tuple[Topic, ...] = tuple(
    module.topic
    for module in (
        sizes,
        output_padding,
        padding,
        errors,
        decoders,
        upsampling,
        frameworks,
        kernels,
        concepts,
        channels,
        dilation,
        numerics,
        speed,
        sequences,
    )
)
"""The topics in the order of the page."""

ENTRIES: tuple[Entry, ...] = tuple(one for topic in TOPICS for one in topic.entries)


def entry(name: str) -> Entry:
    """Return the entry with this anchor."""
    return next(one for one in ENTRIES if one.name == name)


__all__ = ["ENTRIES", "PLACES", "TOPICS", "Entry", "Target", "Topic", "entry"]
