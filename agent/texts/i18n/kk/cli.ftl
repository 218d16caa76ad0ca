### cli: kk

# Кілттер мен файлдарға арналған командалар (tanba keys, sign, verify, inspect)

cli-error = Қате: { $what }
cli-password-prompt = { $file } құпиясөзі:
cli-password-needs-terminal = Құпиясөзді тек пернетақтадан енгізуге болады. Скрипттерде оны енгізудің бірінші жолымен беріп, --password-stdin қосыңыз.

keys-added = Кілт есте сақталды: { $name }, { $until } дейін. Құпиясөз сақталған жоқ.
keys-test-key-outside = Бұл ТЕСТ кілті. Онымен қол қою үшін тест ортасын қосыңыз: { $settings } файлында test_environment = true
keys-none = Әзірге кілт жоқ. Файл қосыңыз: tanba keys add ФАЙЛ.p12
keys-file = { $path }
keys-file-missing = { $path } (файл орнында жоқ)
keys-key =   { $name } { $organisation } · { $algorithm } · { $until } дейін
keys-key-expired =   { $name } { $organisation } · { $algorithm } · мерзімі { $until } аяқталған
keys-key-not-yet =   { $name } { $organisation } · { $algorithm } · әлі күшіне енген жоқ
keys-test =   ТЕСТ: заңдық күші жоқ
keys-removed = { $path } ұмытылды. Файлдың өзі орнында қалды.
keys-unknown = { $path } есте сақталғандар арасында жоқ. Тізім: tanba keys list
keys-demo-made =
    Tanba-мен танысуға арналған ТЕСТ кілті жасалды: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасы үшін тест ортасы қосылды ({ $settings }): барлық терезелер ТЕСТ деп көрсетеді.
keys-demo-there =
    ТЕСТ кілті бұрыннан бар: { $path }
    Құпиясөзі: { $password }
    Осы деректер қалтасының тест ортасы қосулы ({ $settings }).

sign-exists = { $path } бұрыннан бар. -o арқылы басқа файлды атаңыз немесе --force қосыңыз.
sign-no-alias = Файлда { $alias } атты кілт жоқ. Аттарын tanba inspect көрсетеді.
sign-several-keys = Файлда бірнеше кілт бар. Біреуін --alias арқылы таңдаңыз; аттарын tanba inspect көрсетеді.
sign-expired = Сертификат мерзімі { $until } аяқталды. ҰКО-дан жаңа кілт алыңыз.
sign-not-yet = Сертификат әлі күшіне енген жоқ. Компьютер сағатын тексеріңіз.
sign-test-key = ТЕСТ: қолтаңба тест кілтімен жасалды, заңдық күші жоқ.
sign-done = Қол қойылды: { $name } → { $path }
