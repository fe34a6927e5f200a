"""What was published becomes one mail per subscriber and slot, each publication once. `slots` says when, `ledger` who
gets what, `compose` in which words; `recall` takes back what was withdrawn before it left. Words: slot, digest issue,
digest recipient (prepared, or skipped with a reason), ledger."""
