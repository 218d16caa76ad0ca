### request: kk

# Сертификат алу (tanba keys request, pending, import, renew)

keys-password-new = { $file } үшін жаңа құпиясөз:
keys-password-again = Сол құпиясөзді қайталаңыз:
keys-password-differs = Екі құпиясөз бірдей емес. Ештеңе жасалған жоқ; басынан бастаңыз.
keys-password-empty = Кілт файлының құпиясөзі болуы керек. Ештеңе жасалған жоқ; басынан бастап, құпиясөз беріңіз.
keys-password-rule = Басқа бағдарламалар, соның ішінде NCALayer, мұндай құпиясөзді қабылдамауы мүмкін: оларға 6-дан 32-ге дейін таңба, араларында латынның бас әрпі, кіші әрпі және цифр керек.

keys-request-name-wrong = «{ $value }» сертификатта тұра алмайды. Атын бір жолға, 200 таңбадан асырмай жазыңыз.
keys-request-email-wrong = «{ $value }» — электрондық пошта мекенжайы емес. Оны былай жазыңыз: name@example.kz.
keys-request-iin-wrong = ЖСН-де дәл 12 цифр болады, «{ $value }» ондай емес. Тексеріңіз.
keys-request-bin-wrong = БСН-де дәл 12 цифр болады, «{ $value }» ондай емес. Тексеріңіз.
keys-request-iin-doubtful = { $value } ЖСН-інің соңғы цифры қалғандарына сәйкес келмейді: қате терілген болуы мүмкін. Солай болса, осы сұрауды алып тастап (tanba keys pending cancel), жаңасын жасаңыз.
keys-request-bin-doubtful = { $value } БСН-інің соңғы цифры қалғандарына сәйкес келмейді: қате терілген болуы мүмкін. Солай болса, осы сұрауды алып тастап (tanba keys pending cancel), жаңасын жасаңыз.
keys-request-organisation-needed = Ұйымдағы лауазым үшін ұйымның атауы мен нөмірі керек: --organisation және --bin қосыңыз.
keys-request-organisation-unwanted = Жеке кілтте ұйым болмайды. --organisation мен --bin параметрлерін алып тастаңыз немесе лауазымды көрсетіңіз: --for employee.
keys-request-made =
    Жаңа кілт: { $key }
    Оның сертификатына сұрау: { $request }
keys-request-subject = Сұрауда көрсетілгені: { $subject }
keys-request-next =
    Әрі қарай:
    1. { $request } файлын куәландырушы орталыққа тапсырыңыз: pki.gov.kz порталында немесе ХҚКО-да. Кілт өзіңізде қалады.
    2. Сол жерде өтінім нөмірі беріледі. Оны жазып қойыңыз: tanba keys pending number { $id } --number НӨМІР --date ЖЖЖЖ-АА-КК
    3. Сертификат келгенде: tanba keys import СЕРТИФИКАТ.cer
keys-request-keep-file = Кілт файлы мен оның құпиясөзін сақтаңыз: оларсыз сертификаттан пайда жоқ.
keys-request-keep-token = Токен мен оның PIN-кодын сақтаңыз: оларсыз сертификаттан пайда жоқ.
keys-request-made-on-token =
    Жаңа кілт: { $key } токенінде, оны сыртқа шығаруға болмайды
    Оның сертификатына сұрау: { $request }
keys-request-out-needed = Кілттің қайда болатынын көрсетіңіз: файл үшін --out КІЛТ.p12, токен үшін --token АТЫ --csr СҰРАУ.csr.

keys-pending-none = Сертификат күтіп тұрған сұрау жоқ. Жасау үшін: tanba keys request
keys-pending-line = { $id } · { $name } · { $algorithm } · { $created } күнінен бері
keys-pending-place = { "  " }Кілт: { $place }
keys-pending-filed = { "  " }Өтінім { $number }, { $date }
keys-pending-not-filed = { "  " }Тапсырылғаны туралы мұнда жазба жоқ
keys-pending-damaged = Сұрау жазылған файлды түсіну мүмкін болмады, ол бөлек қойылды: { $path }
keys-pending-number-wrong = Нөмірді бір жолға, 64 таңбадан асырмай, ал күнді ЖЖЖЖ-АА-КК түрінде беріңіз.
keys-pending-noted = Жазылды: { $name }, өтінім { $number }.
keys-pending-unknown = Күтіп тұрған сұраулардың арасында { $id } жоқ. Тізім: tanba keys pending
keys-pending-several = «{ $id }» деп басталатын сұрау бірнешеу. Атын толығырақ беріңіз; тізім: tanba keys pending
keys-pending-cancelled =
    Сұрау ({ $name }) енді сертификат күтпейді. Өтінім тапсырылған болса, куәландырушы орталыққа да хабарлаңыз.
    Кілт { $place } ішінде қалды; керек болмаса, оны өзіңіз жойыңыз.

keys-import-not-a-certificate = { $path } файлында сертификат жоқ. Куәландырушы орталық берген .cer, .crt, .pem немесе .p7b файлы керек.
keys-import-no-request = { $path } ішіндегі сертификатты ешбір сұрау күтіп тұрған жоқ. Кілт файлы өзіңізде болса, оны көрсетіңіз: --key КІЛТ.p12
keys-import-done-token = Сертификат { $token } токеніне жазылды, оның кілті қол қояды.
keys-import-not-of-key = Сертификат { $path } ішіндегі кілтке тиесілі емес; файлға тиіскен жоқ. Сұраумен бірге жасалған файлды таңдаңыз: tanba keys pending
keys-import-occupied = { $path } ішінде бірнеше кілт немесе қайта жазуға келмейтін нәрсе бар; файлға тиіскен жоқ. Сұраумен бірге жасалған файлды таңдаңыз.
keys-import-unknown-authority = Бұл сертификатты берген орталық Tanba-ға белгісіз. Орталықтың өз сертификатын сұрап алып, қосыңыз: tanba trust ca add
keys-import-not-valid = Сертификат қазір жарамсыз: мерзімі { $from } – { $until }. Компьютер сағатын тексеріңіз.
keys-import-other-subject =
    Сертификат сұрауда көрсетілгеннен басқа біреуге берілген. Қолданар алдында куәландырушы орталықтан сұраңыз.
    Сұралғаны: { $asked }
    Берілгені: { $got }
keys-import-done = Сертификат { $path } файлына жазылды: файл ашылады, кілт қол қояды. Ол енді кілттер тізімінде.

keys-renew-expired = Сертификат мерзімі { $until } күні аяқталған, бұл кілтпен енді жаңарту мүмкін емес. Жаңа сұрау жасаңыз: tanba keys request
keys-renew-next =
    Сұрауға қазіргі кілтіңізбен қол қойылды; ол әзірге жарамды.
    Әрі қарай:
    1. { $request } файлын куәландырушы орталыққа тапсырыңыз. Ол қол қойылған сұрауды қабылдамаса, кәдімгі сұрау жасаңыз: tanba keys request
    2. Сол жерде өтінім нөмірі беріледі. Оны жазып қойыңыз: tanba keys pending number { $id } --number НӨМІР --date ЖЖЖЖ-АА-КК
    3. Сертификат келгенде: tanba keys import СЕРТИФИКАТ.cer
