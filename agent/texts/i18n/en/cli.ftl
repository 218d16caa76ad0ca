### cli: en

# The key and file commands (tanba keys, sign, verify, inspect)

cli-error = Error: { $what }
cli-password-prompt = Password of { $file }:
cli-password-needs-terminal = The password can only be typed at a keyboard. In scripts give it as the first line of input and add --password-stdin.

keys-added = Remembered: { $name }, until { $until }. The password was not kept.
keys-test-key-outside = This is a TEST key. To sign with it, turn on the test environment: test_environment = true in { $settings }
keys-none = No keys yet. Add a file: tanba keys add FILE.p12
keys-file = { $path }
keys-file-missing = { $path } (the file is not there)
keys-key =   { $name } { $organisation } · { $algorithm } · until { $until }
keys-key-expired =   { $name } { $organisation } · { $algorithm } · expired { $until }
keys-key-not-yet =   { $name } { $organisation } · { $algorithm } · not valid yet
keys-test =   TEST: without legal force
keys-removed = { $path } is forgotten. The file itself stays where it is.
keys-unknown = { $path } is not among the remembered files. List them with: tanba keys list
keys-demo-made =
    Made a TEST key for trying Tanba out: { $path }
    Password: { $password }
    The test environment of this data folder is on ({ $settings }): every window says TEST.
keys-demo-there =
    The TEST key is there already: { $path }
    Password: { $password }
    The test environment of this data folder is on ({ $settings }).

sign-exists = { $path } is there already. Name another file with -o, or add --force.
sign-no-alias = The file has no key named { $alias }. `tanba inspect` shows the names.
sign-several-keys = The file has several keys. Choose one with --alias; `tanba inspect` shows the names.
sign-expired = The certificate expired on { $until }. Get a new key from the NCA.
sign-not-yet = The certificate is not valid yet. Check the computer's clock.
sign-test-key = TEST: the signature is made with a test key and has no legal force.
sign-done = Signed: { $name } → { $path }
