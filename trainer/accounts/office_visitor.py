"""Who works at the office's pages."""

from trainer.accounts.refusals import refuse_area
from trainer.accounts.visitor import Visitor, visitor_signed_in


def office_visitor() -> Visitor:
    """The visitor, who belongs to the company's office; 403 for anybody else."""
    visitor = visitor_signed_in()
    if not visitor.is_of_office:
        refuse_area()
    return visitor
