### request: ru

# Получение сертификата (tanba keys request, pending, import, renew)

keys-password-new = Новый пароль для { $file }:
keys-password-again = Тот же пароль ещё раз:
keys-password-differs = Пароли не совпали. Ничего не сделано; начните заново.
keys-password-empty = У файла ключа должен быть пароль. Ничего не сделано; начните заново и задайте его.
keys-password-rule = Другие программы, в том числе NCALayer, могут не принять такой пароль: им нужно от 6 до 32 символов, среди них заглавная и строчная латинская буква и цифра.

keys-request-name-wrong = «{ $value }» не годится для сертификата. Напишите имя или название в одну строку, не длиннее 200 символов.
keys-request-email-wrong = «{ $value }» — не адрес электронной почты. Напишите его так: name@example.kz.
keys-request-iin-wrong = ИИН состоит из 12 цифр, а введено «{ $value }». Проверьте его.
keys-request-bin-wrong = БИН состоит из 12 цифр, а введено «{ $value }». Проверьте его.
keys-request-iin-doubtful = Последняя цифра ИИН { $value } не сходится с остальными: возможно, это опечатка. Если так, отмените этот запрос (tanba keys pending cancel) и создайте новый.
keys-request-bin-doubtful = Последняя цифра БИН { $value } не сходится с остальными: возможно, это опечатка. Если так, отмените этот запрос (tanba keys pending cancel) и создайте новый.
keys-request-organisation-needed = Для должности в организации нужны её название и номер: добавьте --organisation и --bin.
keys-request-organisation-unwanted = В личном ключе организации нет. Уберите --organisation и --bin или укажите должность: --for employee.
keys-request-one-file = Ключ и запрос не могут лежать в одном файле: { $path }. Укажите для них разные имена.
keys-request-made =
    Новый ключ: { $key }
    Запрос на сертификат: { $request }
keys-request-subject = В запросе указано: { $subject }
keys-request-next =
    Что дальше:
    1. Передайте файл { $request } своему удостоверяющему центру. Ключ остаётся у вас.
       Принимает ли НУЦ такие файлы, не опубликовано: если нет, получите ключ на egov.kz или pki.gov.kz и добавьте его: tanba keys add ФАЙЛ.p12
    2. Если вам дали номер заявки, запишите его: tanba keys pending number { $id } --number НОМЕР --date ДД.ММ.ГГГГ
    3. Когда сертификат придёт: tanba keys import СЕРТИФИКАТ.cer
keys-request-keep-file = Берегите файл ключа и его пароль: без них сертификат бесполезен.
keys-request-keep-token = Берегите токен и его PIN-код: без них сертификат бесполезен.
keys-request-made-on-token =
    Новый ключ: на токене { $key }, вынести его оттуда нельзя
    Запрос на сертификат: { $request }
keys-request-out-needed = Укажите, где быть ключу: --out КЛЮЧ.p12 для файла или --token ИМЯ --csr ЗАПРОС.csr для токена.
keys-request-token-unsupported = Этот токен не создаёт ключей ГОСТ. Попробуйте --algorithm rsa2048 или создайте ключ в файле: --out КЛЮЧ.p12

keys-pending-none = Ни один запрос не ждёт сертификата. Создать запрос: tanba keys request
keys-pending-line = { $id } · { $name } · { $algorithm } · с { $created }
keys-pending-place = { "  " }Ключ: { $place }
keys-pending-filed = { "  " }Заявка { $number } от { $date }
keys-pending-not-filed = { "  " }Здесь не записано, что заявка подана
keys-pending-damaged = Файл с запросом не удалось разобрать, он отложен: { $path }
keys-pending-number-wrong = Укажите номер в одну строку, не длиннее 64 символов, и дату в виде 27.11.2026.
keys-pending-noted = Записано: { $name }, заявка { $number }.
keys-pending-unknown = Запроса { $id } нет среди ожидающих. Список: tanba keys pending
keys-pending-several = С «{ $id }» начинается несколько запросов. Укажите имя полнее; список: tanba keys pending
keys-still-waiting = Этот ключ ещё ждёт сертификата. Когда он придёт: tanba keys import СЕРТИФИКАТ.cer
keys-pending-cancelled =
    Запрос ({ $name }) больше не ждёт сертификата. Если заявка подана, сообщите и удостоверяющему центру.
    Ключ остался в { $place }; удалите его сами, если он не нужен.

keys-import-not-a-certificate = В файле { $path } нет сертификата. Нужен файл .cer, .crt, .pem или .p7b от удостоверяющего центра.
keys-import-no-request = Ни один запрос не ждёт сертификата из { $path }, или он уже установлен. Если файл ключа у вас есть, укажите его: --key КЛЮЧ.p12
keys-import-done-token = Сертификат записан на токен { $token }. Проверено: ключ подписывает.
keys-import-not-of-key = Сертификат не от ключа из { $path }; файл не тронут. Выберите файл, созданный вместе с запросом: tanba keys pending
keys-import-occupied = В { $path } больше одного ключа или есть то, что нельзя записать заново; файл не тронут. Выберите файл, созданный вместе с запросом.
keys-import-unknown-authority = Tanba не знает центра, который выдал этот сертификат. Возьмите у него сертификат самого центра и добавьте: tanba trust ca add
keys-import-not-valid = Сертификат сейчас не действует: он с { $from } по { $until }. Проверьте часы компьютера.
keys-import-other-subject =
    Сертификат выдан не на того, кто указан в запросе. Спросите удостоверяющий центр, прежде чем им пользоваться.
    Запрошено: { $asked }
    Выдано: { $got }
keys-import-done = Сертификат записан в { $path }. Проверено: ключ подписывает. Он теперь в списке ключей.
keys-import-former = Прежний ключ пока действует. Если он не нужен, отзовите его на pki.gov.kz.

keys-renew-expired = Срок сертификата истёк { $until }, продлить его этим ключом уже нельзя. Получите новый ключ на egov.kz или pki.gov.kz.
keys-renew-next =
    Запрос подписан вашим нынешним ключом; тот пока действует.
    Что дальше:
    1. Передайте файл { $request } своему удостоверяющему центру. Принимает ли НУЦ такие файлы, не опубликовано:
       если нет, отмените этот запрос (tanba keys pending cancel { $id }), перевыпустите ключ в личном кабинете на pki.gov.kz
       и добавьте его: tanba keys add ФАЙЛ.p12
    2. Если вам дали номер заявки, запишите его: tanba keys pending number { $id } --number НОМЕР --date ДД.ММ.ГГГГ
    3. Когда сертификат придёт: tanba keys import СЕРТИФИКАТ.cer
