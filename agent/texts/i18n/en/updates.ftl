### Whether a newer Tanba is there, by the signed version file of the settings.

# A word at the edge of the screen

updates-title = A newer Tanba is there: { $version }
updates-text = This computer has { $here }, and you can go on signing with it. Tanba installs nothing by itself. Read at { $page } how to get the new one, or ask whoever looks after this computer.

# The main window

updates-known = A newer version is there: { $version }
updates-known-what = Tanba installs nothing by itself; you can go on signing with this version.
updates-known-next = Whoever installed Tanba on this computer can install the new version too. What is new in it, and how to get it, stands on this page. Copy its address into your browser:
updates-page = Page about the new version

# Why there is no version file, or it is not believed

updates-unreachable = { $host } cannot be reached.
updates-slow = { $host } does not answer in time.
updates-status = { $host } does not give the file (HTTP status { $status }).
updates-no-file = { $file } cannot be read ({ $what }).
updates-too-long = It is longer than any version file.
updates-not-signed = It is not a signed file.
updates-signers = It should have one signature, and has { $count }.
updates-other-signer = It is not signed with the certificate that the settings name.
updates-bad-signature = Its signature does not hold: the file was changed or damaged.
updates-weak-digest = Its signature was made with an outdated method that can be forged.
updates-content = What is written in it cannot be understood.
updates-other-program = It is about another program.
updates-future = It says it was made at { $issued }, and this computer has not got that far: its clock may be wrong.
