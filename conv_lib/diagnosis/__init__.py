"""Error messages about shapes, read: every number named, the cause, and what to do, with the reader's numbers.

>>> reading = read("RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x1600 and 3136x10)")
>>> reading.form.id, reading.values["a"], reading.values["b"]
('torch-matmul', 1600, 3136)
>>> print(reading.cause)
`nn.Linear` was made for 3136 numbers and 1600 came: the flattened map has another size than you reckoned.

`forms.json` is the table of known messages, each with an example that a run produced; `FORMS` holds its rows.
The widget `ErrorReader` reads the same table in the browser.
"""

from conv_lib.diagnosis.forms import AXES, FORMS, PRELUDES, VERSIONS, Form, find
from conv_lib.diagnosis.reader import MOST, Link, Named, Reading, advice, cleaned, read

__all__ = [
    "AXES",
    "FORMS",
    "MOST",
    "PRELUDES",
    "VERSIONS",
    "Form",
    "Link",
    "Named",
    "Reading",
    "advice",
    "cleaned",
    "find",
    "read",
]
