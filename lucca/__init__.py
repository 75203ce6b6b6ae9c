"""A client of Lucca's HR API: reads employees and departments, reads and writes their custom data.

It knows neither Django nor Cards, keeps no state between calls, and never puts a key or an answer's body into
an error.
"""

from lucca.client import LuccaClient
from lucca.errors import (
    Incomplete,
    LuccaError,
    NotFound,
    OutcomeUnknown,
    Refused,
    Rejected,
    Throttled,
    Unavailable,
    UnavailableReason,
    Unintelligible,
    UnintelligibleReason,
)
from lucca.fields import check_fields
from lucca.resources import (
    Department,
    DepartmentPage,
    Employee,
    EmployeePage,
    EmployeeRows,
    FieldCheck,
    FieldCodes,
    FieldDefinition,
    FieldFault,
    FieldKind,
    FieldRow,
    LinkShape,
    Receipt,
    RowShape,
    SubfieldShape,
    WantedRow,
    WriteFault,
)
from lucca.transport import Gate, open_gate

__all__ = [
    "Department",
    "DepartmentPage",
    "Employee",
    "EmployeePage",
    "EmployeeRows",
    "FieldCheck",
    "FieldCodes",
    "FieldDefinition",
    "FieldFault",
    "FieldKind",
    "FieldRow",
    "Gate",
    "Incomplete",
    "LinkShape",
    "LuccaClient",
    "LuccaError",
    "NotFound",
    "OutcomeUnknown",
    "Receipt",
    "Refused",
    "Rejected",
    "RowShape",
    "SubfieldShape",
    "Throttled",
    "Unavailable",
    "UnavailableReason",
    "Unintelligible",
    "UnintelligibleReason",
    "WantedRow",
    "WriteFault",
    "check_fields",
    "open_gate",
]
