"""What each action of the audit in this room is called on the desk's log."""

from __future__ import annotations

from outreach.language import mark

DONE = {
    "organisation.added": mark("Organisation added"),
    "organisation.changed": mark("Organisation changed"),
    "person.address_dropped": mark("Address dropped from a record"),
    "person.brought_back": mark("Record brought back"),
    "person.card_copied": mark("Link to a card taken"),
    "person.card_correction": mark("Correction asked on a card"),
    "person.card_erasure": mark("Erasure asked on a card"),
    "person.card_sent": mark("Card sent"),
    "person.card_settled": mark("Request of a card settled"),
    "person.confirmed": mark("Record confirmed"),
    "person.ended": mark("Record ended"),
    "person.erased": mark("Person erased"),
    "person.lifted": mark("Do not contact lifted"),
    "person.log_corrected": mark("Entry of a timeline corrected"),
    "person.log_removed": mark("Entry of a timeline taken out"),
    "person.logged": mark("Contact logged"),
    "person.next_step": mark("Next step set or done"),
    "person.noticed": mark("Notice given"),
    "person.stopped": mark("Do not contact, said by themselves"),
}
