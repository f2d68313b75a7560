"""What was answered, as plain values that JSON can hold."""

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, FormField, SelectMultipleField


def plain(field: Any) -> Any:
    """The answer of a field.

    Nothing answered is None, for lists [] and for maps {}. A day is an ISO text, a number int or float. Lists and maps
    hold only what was answered.
    """
    if isinstance(field, FormField):
        values = {name: plain(field.form[name]) for name in field.form.shown}
        return {name: value for name, value in values.items() if not is_nothing(value)}
    if isinstance(field, FieldList):
        return [value for value in map(plain, field) if not is_nothing(value)]
    if isinstance(field, SelectMultipleField):
        return list(dict.fromkeys(field.data or []))
    return _plain_value(field.data)


def is_blank(field: Any) -> bool:
    """Whether nothing was answered; what was posted decides, if anything was posted."""
    if isinstance(field, FormField | FieldList):
        return all(is_blank(part) for part in field)
    if isinstance(field, BooleanField):
        return not field.data
    if field.raw_data is not None:
        return not any(str(value).strip() for value in field.raw_data)
    return is_nothing(field.data)


def is_nothing(value: Any) -> bool:
    """Whether a value says nothing; zero says something."""
    return value is None or value is False or value in ("", [], {})


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value == "" else value
