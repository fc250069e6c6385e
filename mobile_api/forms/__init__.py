"""Forms officers fill: published as XLSForm workbooks, served as XForms and as plain JSON.

Start with `publishing.py`; `xlsform.py` converts, `description.py` reads the XForm back. A version
never changes once published. Rooms of this package may import it.
"""

from mobile_api.forms.collection import FormCollection
from mobile_api.forms.description import Described, Field, describe
from mobile_api.forms.errors import FormNotFound
from mobile_api.forms.models import Form, FormVersion
from mobile_api.forms.service import Current, find_version, target_of

__all__ = [
    "Current",
    "Described",
    "Field",
    "Form",
    "FormCollection",
    "FormNotFound",
    "FormVersion",
    "describe",
    "find_version",
    "target_of",
]
