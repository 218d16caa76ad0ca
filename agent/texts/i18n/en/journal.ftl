### journal: en

# What was decided, and whether the journal is whole (tanba journal)

journal-empty = There is no decision in the journal ({ $state }). If there were some: it was removed with its head, or this is another data folder.
journal-none-fit = No decision in the journal fits. The last ones: tanba journal list
journal-unknown = The journal has no decision { $number }. The list: tanba journal list
journal-unreadable = The journal cannot be read ({ $what }). Copy { $state } and { $data }, then move journal.db away: Tanba begins a new one.
journal-date-wrong = { $date } is no date. Write it as 2026-12-31.
journal-not-written = { $path } could not be written ({ $what }). Check that the folder is there, has room and may be written to.
journal-exists = { $path } is there already. Name another file, or add --force.
journal-exported = { $count ->
    [one] { $count } decision written to { $path }. It tells which sites you use and what you signed: keep it to yourself.
   *[other] { $count } decisions written to { $path }. It tells which sites you use and what you signed: keep it to yourself.
}

journal-line = { $number } · { $at } · { $site } · { $program } · { $what } · { $result }
journal-line-signed = { $number } · { $at } · { $site } · { $program } · { $what } · { $result } · { $signer }
journal-line-own = { $number } · { $at } · { $result }
journal-site-opaque = a page without an address
journal-site-none = no site
journal-program-unknown = unknown program

journal-result-signed = signed
journal-result-key-shown = certificate shown to the site
journal-result-stamped = time stamp added
journal-result-file-chosen = file chosen
journal-result-saved = file saved
journal-result-verified = signature checked
journal-result-digest = digest computed
journal-result-told = message shown
journal-result-requested = certificate requested
journal-result-imported = certificate installed
journal-result-cancelled = cancelled
journal-result-withdrawn = the page went away
journal-result-blocked = blocked site, not asked
journal-result-paused = paused by you, not asked
journal-result-path-refused = the settings let it name no files, not asked
journal-result-failed = failed ({ $code })
journal-result-purged = earlier decisions were removed by the owner
journal-result-head-lost = the journal's head was lost

journal-show-number = Decision: { $value }
journal-show-at = Time: { $value }
journal-show-site = Site: { $value }
journal-show-program = Program: { $value }
journal-show-what = Called: { $value }
journal-show-result = Result: { $value }
journal-show-signer = Key owner: { $value }
journal-show-certificate = Certificate, SHA-256: { $value }
journal-show-document = Document, SHA-256: { $value }
journal-show-elsewhere = Document: its content was not known when it was asked
journal-show-digest = Digest given by the site; the SHA-256 of it: { $value }
journal-show-hash = Hash of this row: { $value }

journal-check-whole = { $count ->
    [one] The journal is whole: { $count } row, as Tanba wrote it.
   *[other] The journal is whole: { $count } rows, each as Tanba wrote it.
}
journal-check-broken = { $count ->
    [one] The journal is NOT whole. It has { $count } row. If this was not you: keep copies of { $state } and { $data }, and have the computer looked at.
   *[other] The journal is NOT whole. It has { $count } rows. If this was not you: keep copies of { $state } and { $data }, and have the computer looked at.
}
journal-check-untold = { $count ->
    [one] And { $count } more fault.
   *[other] And { $count } more faults.
}
journal-check-not-proven =
    What this check cannot prove: a program that runs as you can write a whole new journal together with its head, and no check can tell. Decisions made while the journal could not be written (a full disk) are only in what tanba run wrote to the terminal.
journal-found-missing-one = Row { $number } is missing.
journal-found-missing = Rows { $from } to { $to } are missing.
journal-found-edited = Row { $number } is not as Tanba wrote it: it was changed or put here from elsewhere, or the row before it was.
journal-found-tail-cut = The end is cut off: the last row is { $last }, but Tanba had written up to { $head }.
journal-found-head-differs = Row { $number } is another one than Tanba last wrote.
journal-found-head-missing = The file journal.head is missing or cannot be read: whether the end was cut off is not known.
journal-found-head-was-lost = Before row { $number } was written the journal's head was lost: what stood at the end then may have been cut off.
journal-found-head-behind = Tanba had written up to row { $head }, but there are rows up to { $last }: somebody else added them, or put an old journal.head back.
journal-found-interrupted = Tanba was stopped while it wrote row { $last }. The row is whole; this is no fault.
journal-found-purged = The owner removed the rows up to { $through }. This is no fault.

journal-purge-nothing = There is nothing to remove.
journal-purge-ask = { $count ->
    [one] { $count } decision will be removed for good; that it was removed stays written down. Type yes to go on:
   *[other] { $count } decisions will be removed for good; that they were removed stays written down. Type yes to go on:
}
journal-purge-yes = yes
journal-purge-left = Nothing was removed.
journal-purge-needs-yes = { $count ->
    [one] { $count } decision would be removed, and there is no keyboard to ask at. In scripts add --yes.
   *[other] { $count } decisions would be removed, and there is no keyboard to ask at. In scripts add --yes.
}
journal-purge-broken = The journal is not whole. What shows that may go with the rows: to keep it, copy { $state } and { $data } first.
journal-purged = { $count ->
    [one] { $count } decision is removed.
   *[other] { $count } decisions are removed.
}
journal-purge-not-yet = Their text is not yet gone from the file ({ $what }). Close whatever else reads the journal and run the same command again.
