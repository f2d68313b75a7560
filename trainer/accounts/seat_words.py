"""How a seat is called on a page: its cohort and its role."""

from trainer.accounts.visitor import Seat
from trainer.i18n import gettext as _
from trainer.i18n import lazy_gettext as _l
from trainer.permissions import Role

ROLE_WORDS = {
    Role.TRAINEE: _l("Trainee"),
    Role.FACILITATOR: _l("Facilitator (role)"),
    Role.COORDINATOR: _l("Coordinator"),
}


def seat_words(seat: Seat) -> str:
    """Like `March cohort (trainee)`."""
    return _("%(cohort)s (%(role)s)", cohort=seat.cohort_name, role=ROLE_WORDS[seat.role])
