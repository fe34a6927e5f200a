"""What each action of the audit is called on the log, for people. The code itself stays what is stored and searched."""

from __future__ import annotations

from outreach.language import mark
from outreach.subscriptions import history

ACTIONS = {
    **history.DONE,
    "account.changed": mark("Account changed"),
    "account.ended": mark("Account ended"),
    "account.invited": mark("Somebody invited to the desk"),
    "account.opened": mark("Account opened"),
    "account.signed_in": mark("Signed in"),
    "account.signed_out": mark("Signed out"),
    "account.signed_out_everywhere": mark("Signed out everywhere"),
    "demo.cleared": mark("Examples removed"),
    "demo.loaded": mark("Examples added"),
    "digest.clock_confirmed": mark("Clock confirmed after a silence"),
    "digest.held": mark("Digest held"),
    "digest.item_broken": mark("An item cannot be mailed"),
    "digest.item_dropped": mark("Item left out of digests"),
    "digest.item_put_back": mark("Item taken into digests again"),
    "digest.let_go": mark("Digest let go"),
    "digest.line": mark("Line added to a digest"),
    "document.published": mark("Document published"),
    "document.withdrawn": mark("Document withdrawn"),
    "inquiry.accepted": mark("Inquiry accepted"),
    "inquiry.answered": mark("Inquiry answered"),
    "inquiry.answers_kept": mark("Draft of the answers kept"),
    "inquiry.asked_back": mark("Question sent to the journalist"),
    "inquiry.clearance_asked": mark("Clearance asked"),
    "inquiry.clearance_over": mark("Back from clearance"),
    "inquiry.closed": mark("Inquiry closed"),
    "inquiry.committed": mark("The journalist was told whether the answer will come in time"),
    "inquiry.declined": mark("Inquiry declined"),
    "inquiry.edited": mark("Inquiry corrected by its author"),
    "inquiry.followed_up": mark("Follow-up received"),
    "inquiry.handed_over": mark("Inquiry handed over"),
    "inquiry.merged": mark("Inquiry merged into another"),
    "inquiry.noted": mark("Internal note added"),
    "inquiry.received": mark("Inquiry received"),
    "inquiry.referred": mark("Inquiry passed on"),
    "inquiry.released": mark("Inquiry released from Screened"),
    "inquiry.reopened": mark("Inquiry reopened"),
    "inquiry.replied": mark("Reply sent"),
    "inquiry.screened": mark("Inquiry put aside"),
    "inquiry.snoozed": mark("Inquiry put off"),
    "inquiry.taken_back": mark("Answer taken back before it left"),
    "inquiry.withdrawn": mark("Inquiry withdrawn"),
    "mail.expired": mark("Mail expired"),
    "mail.failed": mark("Mail failed"),
    "mail.held": mark("Mail held, its fate unknown"),
    "mail.inbound_closed": mark("Mail that came in put aside"),
    "mail.suppressed": mark("Address mailed no more"),
    "mail.uncertain_again": mark("Mail repeated, its fate unknown"),
    "mail.worker_lost": mark("Delivery stood still and was taken over"),
    "person.added": mark("Person added"),
    "person.changed": mark("Person changed"),
    "person.matched": mark("Person matched"),
    "person.read": mark("Record read"),
    "publications.held": mark("Too many publications at once: held"),
    "publications.kept_back": mark("Held publications kept out of digests"),
    "publications.released": mark("Held publications released"),
    "subscribers.list_approved": mark("List of subscribers approved"),
    "subscribers.list_taken_in": mark("List of subscribers taken in"),
    "subscriptions.breaker": mark("Confirmation mails kept back"),
    "subscriptions.forgotten": mark("Addresses of long ago forgotten"),
}


def words(action: str) -> str:
    """The message for an action; its code where no words are known."""
    return ACTIONS.get(action, action)
