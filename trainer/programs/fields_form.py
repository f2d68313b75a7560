"""The form that is made of descriptions: hidden fields do not count, wording follows the situation."""

from collections.abc import Mapping
from typing import Any, ClassVar

from wtforms import FormField
from wtforms.form import BaseForm

from trainer.forms import SpokenMeta
from trainer.programs.conditions import holds, is_required, status_of
from trainer.programs.content_fields import FieldDescription
from trainer.programs.fields_checks import too_few
from trainer.programs.fields_context import FieldContext, Saving
from trainer.programs.fields_values import is_blank, is_nothing, plain
from trainer.programs.fields_wording import word


class ProgramForm(BaseForm):
    """A form made of descriptions. Its fields are `form["title"]`, and `form.title` in a template.

    Each described field carries `described` (the pack's description) and what `fields_wording.word` puts there, as it
    is in the present situation.
    """

    _fields: dict[str, Any]
    _unbound: ClassVar[Mapping[str, Any]] = {}
    _described: ClassVar[Mapping[str, FieldDescription]] = {}
    _context: ClassVar[FieldContext] = FieldContext()
    _language: ClassVar[str] = "ja"
    _facts: ClassVar[Mapping[str, str]] = {}  # answers that are given with the form

    def __init__(
        self,
        formdata: Any = None,
        obj: Any = None,
        prefix: str | None = None,
        data: Mapping[str, Any] | None = None,
        meta: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        own_meta = SpokenMeta()
        own_meta.update_values({"language": self._language, **(meta or {})})
        super().__init__(self._unbound, prefix=self._context.prefix if prefix is None else prefix, meta=own_meta)
        self.process(formdata, obj, data=data, **values)
        situation = self.situation
        for name, described in self._described.items():
            word(self._fields, self._fields[name], described, situation)

    @property
    def situation(self) -> dict[str, str | None]:
        """What conditions may ask about: the form's own answers, `reflection1`, and the `status`.

        That is the status of the measure in question; where there is none, what became of the last experiment.
        """
        values = {name: field.data for name, field in self._fields.items() if not isinstance(field, FormField)}
        answers = {name: None if is_nothing(value) else str(value) for name, value in values.items()}
        statuses = plain(self._fields["m_status"]) if "m_status" in self._fields else {}
        about = answers.get("measure_ref") or self._context.about
        status = status_of(about, statuses) or answers.get("tried")
        facts = {"reflection1": self._context.reflection1, "status": status}
        return {**facts, **self._facts, **answers}

    @property
    def described(self) -> Mapping[str, FieldDescription]:
        """The descriptions of the fields, by their ids."""
        return self._described

    @property
    def shown(self) -> list[str]:
        """The fields to be seen in the present situation; what is hidden is neither checked nor kept."""
        situation = self.situation
        hidden = {name for name, field in self._described.items() if not holds(field.show_if, situation)}
        return [name for name in self._fields if name not in hidden]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Whether every shown field is in order; the errors are at the fields."""
        every_field = self._fields
        self._fields = {name: every_field[name] for name in self.shown}
        try:
            return bool(super().validate(extra_validators))
        finally:
            self._fields = every_field


class RowForm(ProgramForm):
    """One row of several: left blank, it is not there."""

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if all(is_blank(field) for field in self._fields.values()):
            return True
        return super().validate(extra_validators)


class MapForm(ProgramForm):
    """Several rows with names; `_required` asks for one at least, `_least` for so many if any is filled in."""

    _required: ClassVar[bool | str] = False
    _least: ClassVar[int] = 0

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        self.form_errors = []
        rows_are_valid = super().validate(extra_validators)
        filled = sum(not is_blank(field) for field in self._fields.values())
        saving = self._context.saving
        if not filled and saving is not Saving.DRAFT and is_required(self._required, self.situation):
            self.form_errors.append(self.meta.get_translations(self).gettext("Please fill this in."))
        if filled and saving is Saving.SUBMIT and filled < self._least:
            self.form_errors.append(too_few(self._least))
        return rows_are_valid and not self.form_errors
