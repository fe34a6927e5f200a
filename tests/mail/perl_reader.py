"""A second reader of mail, independent of Python's: Perl's core modules, with a few lines of our own."""

from __future__ import annotations

import subprocess
from typing import NamedTuple

_PERL = r"""
use strict; use warnings; use Encode; use MIME::QuotedPrint; use MIME::Base64;
local $/; binmode STDIN; my $mail = <STDIN>; $mail =~ s/\r\n/\n/g;
my ($head, $body) = split /\n\n/, $mail, 2;
sub headers { my %found; my $said = shift; $said =~ s/\n[ \t]/ /g;
  for (split /\n/, $said) { $found{lc $1} = $2 if /^([^:\s]+):\s*(.*)$/ } return \%found }
my $top = headers($head);
my ($edge) = $top->{'content-type'} =~ /boundary="?([^";]+)"?/ or die "no boundary";
sub told { print unpack('H*', Encode::encode('UTF-8', shift)), "\n" }
told(decode('MIME-Header', $top->{subject})); told(decode('MIME-Header', $top->{from}));
told($top->{'message-id'}); told($top->{'list-unsubscribe'} // '');
my @parts = split /(?:^|\n)--\Q$edge\E(?:--)?[ \t]*\n?/, $body; shift @parts;
for my $part (grep { /\S/ } @parts) {
  my ($inner, $words) = split /\n\n/, $part, 2; my $of = headers($inner);
  my $how = lc $of->{'content-transfer-encoding'};
  my $plain = $how eq 'base64' ? decode_base64($words) : $how eq 'quoted-printable' ? decode_qp($words) : $words;
  $plain =~ s/\r\n/\n/g; told(decode('UTF-8', $plain, 1));
}
"""


class Read(NamedTuple):
    """A mail's words as Perl reads them."""

    subject: str
    sender: str
    message_id: str
    unsubscribe: str
    text: str
    html: str


def read(raw: bytes) -> Read:
    done = subprocess.run(["perl", "-e", _PERL], input=raw, capture_output=True, check=True)
    return Read(*(bytes.fromhex(line).decode() for line in done.stdout.decode().splitlines()))
