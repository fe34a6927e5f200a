"""What an administrator has to put right before the office's mail is taken elsewhere (M-10, M-11, M-12), judged by what
DNS and the mail server say at this moment. Nothing is sent, nobody signs in. `examination.examine` looks at a `Patient`
and gives `Finding`s; `spf`, `dmarc` and `dkim` read records, and ask for further ones through an `Ask`.
"""
