"""The people of a cohort: the list, a roster with its preview, one person by hand, and the way back."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trainer import clock
from trainer.accounts.log import note, note_export
from trainer.accounts.visitor import visitor_signed_in
from trainer.audit import Act
from trainer.cohorts.access import open_cohort
from trainer.cohorts.actions import mark_to_plan
from trainer.cohorts.import_models import RosterUpload
from trainer.cohorts.models import Cohort
from trainer.cohorts.roster import RosterError
from trainer.cohorts.roster_file import MAX_BYTES, check_bytes
from trainer.cohorts.roster_import import import_plan, last_import, undo_import
from trainer.cohorts.roster_preview import Preview, find_upload, keep_upload, preview_of, refused_table
from trainer.exports import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from trainer.i18n import gettext as _
from trainer.i18n import ngettext
from trainer.office.import_words import done_words, imported_words, left_out_words
from trainer.office.people_forms import ConfirmForm, UploadForm
from trainer.office.preview_words import ENCODINGS, preview_words
from trainer.office.queries import has_sent, people_page
from trainer.organization_scope import request_session
from trainer.permissions import Can, needs

bp = Blueprint("people", __name__, url_prefix="/cohorts/<uuid:cohort_uid>/people")
NOT_ACCEPTED = 422
FORM_AROUND_A_ROSTER = 64 * 1024  # bytes


@bp.url_value_preprocessor
def let_a_roster_in(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """This one address takes 5 MB; it must be known before the token is looked for in the form."""
    if endpoint == "people.upload":
        request.max_content_length = request.max_form_memory_size = MAX_BYTES + FORM_AROUND_A_ROSTER


@bp.get("")
@needs(Can.EDIT_ROSTER)
def page(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session()
    words = request.args.get("words", "")
    lines, more = people_page(db, cohort, request.args.get("after", type=UUID), words)
    imported = None if has_sent(db, cohort) else last_import(db, cohort)
    return render_template(
        "office/people.html",
        cohort=cohort,
        lines=lines,
        more=more,
        words=words,
        imported=imported,
        done=imported_words(imported.added, imported.changed) if imported else "",
    )


@bp.route("/upload", methods=["GET", "POST"])
@needs(Can.EDIT_ROSTER)
def upload(cohort_uid: UUID) -> ResponseReturnValue:
    cohort, db, form = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), UploadForm()
    kept = _kept(cohort, form) if form.validate_on_submit() else None
    if kept is None:
        return render_template("office/upload.html", cohort=cohort, form=form), NOT_ACCEPTED if form.errors else 200
    db.commit()
    return redirect(url_for(".preview", cohort_uid=cohort.uid, upload_uid=kept.uid), 303)


@bp.get("/uploads/<uuid:upload_uid>")
@needs(Can.EDIT_ROSTER)
def preview(cohort_uid: UUID, upload_uid: UUID) -> ResponseReturnValue:
    return _preview_page(cohort_uid, upload_uid, request.args.get("encoding") or None)


@bp.post("/uploads/<uuid:upload_uid>")
@needs(Can.EDIT_ROSTER)
def confirm(cohort_uid: UUID, upload_uid: UUID) -> ResponseReturnValue:
    cohort, db, form = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), ConfirmForm()
    now = clock.now()
    mark_to_plan(db, cohort)  # whoever else is at work on this roster waits here
    kept, encoding = _upload(cohort, upload_uid), form.encoding.data or None
    seen = _preview_again(cohort, kept, encoding)
    if seen is None or not form.validate_on_submit() or form.digest.data != seen.digest:
        db.rollback()
        flash(_("Something has changed since this preview was made. Look at it once more, then confirm."), "note")
        return redirect(url_for(".preview", cohort_uid=cohort_uid, upload_uid=upload_uid, encoding=encoding), 303)
    if seen.plan.has_doubts and not form.same_people.data:
        db.rollback()
        return _preview_page(cohort_uid, upload_uid, encoding, [_("Check that these are the same people, and say so.")])
    imported = import_plan(db, cohort, seen.plan, now=now)
    if not seen.plan.refused:  # else it stays for its hour, so that these rows can be looked at and downloaded
        db.delete(kept)
    note(db, Act.IMPORT_ROSTER, "cohort", cohort_uid, now=now)
    db.commit()
    flash(done_words(imported.added, imported.changed, cohort_uid))
    if count := len(seen.plan.refused):
        flash(
            left_out_words(count, url_for(".preview", cohort_uid=cohort_uid, upload_uid=upload_uid, encoding=encoding))
        )
    return redirect(url_for("office.cohort", cohort_uid=cohort_uid), 303)


@bp.get("/uploads/<uuid:upload_uid>/refused.csv")
@needs(Can.EDIT_ROSTER)
def refused_csv(cohort_uid: UUID, upload_uid: UUID) -> ResponseReturnValue:
    header, rows = _refused(cohort_uid, upload_uid)
    return _attachment(as_csv(header, rows), CSV_TYPE, "refused-rows.csv")


@bp.get("/uploads/<uuid:upload_uid>/refused.xlsx")
@needs(Can.EDIT_ROSTER)
def refused_xlsx(cohort_uid: UUID, upload_uid: UUID) -> ResponseReturnValue:
    header, rows = _refused(cohort_uid, upload_uid)
    return _attachment(as_xlsx(header, rows), XLSX_TYPE, "refused-rows.xlsx")


@bp.post("/imports/<uuid:import_uid>/undo")
@needs(Can.EDIT_ROSTER)
def undo(cohort_uid: UUID, import_uid: UUID) -> ResponseReturnValue:
    cohort, db, now = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session(), clock.now()
    mark_to_plan(db, cohort)
    imported = last_import(db, cohort)
    if imported is None or imported.uid != import_uid or has_sent(db, cohort):
        abort(404)
    stayed = undo_import(db, cohort, imported, now=now)
    note(db, Act.UNDO_IMPORT, "cohort", cohort_uid, now=now)
    db.commit()
    flash(_("The import was undone."))
    if stayed:
        flash(
            ngettext(
                "%(num)s row stays as it is: somebody changed or used it since.",
                "%(num)s rows stay as they are: somebody changed or used them since.",
                stayed,
            ),
            "note",
        )
    return redirect(url_for(".page", cohort_uid=cohort_uid), 303)


def _kept(cohort: Cohort, form: UploadForm) -> RosterUpload | None:
    """The roster, kept for its preview; None, with the reason at its field, if it is empty or too large."""
    file_name, content = form.roster()
    try:
        check_bytes(content)
    except RosterError as error:
        form["file" if form.file.data else "table"].errors = [str(error)]
        return None
    by = visitor_signed_in().user
    return keep_upload(request_session(), cohort, by=by, file_name=file_name, content=content, now=clock.now())


def _upload(cohort: Cohort, uid: UUID) -> RosterUpload:
    """The visitor's own upload for this cohort; 404 for any other, and for one that was used or is over."""
    kept = find_upload(request_session(), cohort, uid, by=visitor_signed_in().user, now=clock.now())
    if kept is None:
        abort(404)
    return kept


def _preview_page(
    cohort_uid: UUID, upload_uid: UUID, encoding: str | None, doubts: Sequence[str] = ()
) -> ResponseReturnValue:
    """What the roster would do now; `doubts` are why a confirmation was not accepted."""
    cohort, db = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER), request_session()
    kept = _upload(cohort, upload_uid)
    try:
        seen, problem = preview_of(db, cohort, kept, encoding), ""
    except RosterError as error:
        seen, problem = None, str(error)
    form = ConfirmForm(formdata=None, digest=seen.digest if seen else "", encoding=encoding or "")
    form.same_people.errors = doubts
    page = render_template(
        "office/preview.html",
        cohort=cohort,
        upload=kept,
        form=form,
        words=preview_words(db, cohort, seen) if seen else None,
        problem=problem,
        encoding=encoding,
        encodings=ENCODINGS,
    )
    return page, NOT_ACCEPTED if doubts else 200


def _preview_again(cohort: Cohort, kept: RosterUpload, encoding: str | None) -> Preview | None:
    try:
        return preview_of(request_session(), cohort, kept, encoding)
    except RosterError:
        return None


def _refused(cohort_uid: UUID, upload_uid: UUID) -> tuple[list[str], list[list[str | int | float]]]:
    """The header and the rows to take away, which is recorded."""
    cohort = open_cohort(cohort_uid, needs=Can.EDIT_ROSTER)
    kept = _upload(cohort, upload_uid)
    try:
        table = refused_table(preview_of(request_session(), cohort, kept, request.args.get("encoding") or None))
    except RosterError:
        abort(404)
    note_export(Act.EXPORT_REFUSED_ROWS, "roster_upload", upload_uid, now=clock.now())
    return table


def _attachment(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
