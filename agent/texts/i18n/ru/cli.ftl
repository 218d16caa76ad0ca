### cli: ru

# Команды с ключами и файлами (tanba keys, sign, verify, inspect)

cli-error = Ошибка: { $what }
cli-file-missing = Файла { $path } нет. Проверьте путь.
cli-file-folder = { $path } — это папка. Укажите файл.
cli-file-failed = Файл { $path } не удалось прочитать или записать. Проверьте права и свободное место ({ $what }).
cli-password-prompt = Пароль к { $file }:
cli-password-needs-terminal = Пароль можно ввести только с клавиатуры. В скриптах передайте его первой строкой ввода и добавьте --password-stdin.

keys-added = Запомнен ключ: { $name }, до { $until }. Пароль не сохранён.
keys-added-expired = Срок этого ключа истёк { $until }, подписывать им нельзя. Получите новый на egov.kz или pki.gov.kz.
keys-test-key-outside = Это ТЕСТОВЫЙ ключ. Чтобы подписывать им, включите тестовую среду: test_environment = true в файле { $settings }
keys-none = Ключей пока нет. Добавьте файл: tanba keys add ФАЙЛ.p12
keys-file = { $path }
keys-file-missing = { $path } (файла нет на месте)
keys-key-days = { "  " }{ $name } · { $algorithm } · № { $serial } · до { $until }, { $days ->
    [0] осталось меньше суток
    [one] остался { $days } день
    [few] осталось { $days } дня
   *[other] осталось { $days } дней
}
keys-key-expired = { "  " }{ $name } · { $algorithm } · № { $serial } · истёк { $until }
keys-key-not-yet = { "  " }{ $name } · { $algorithm } · № { $serial } · ещё не действует
keys-test = { "  " }ТЕСТ: не имеет юридической силы
keys-gost = ГОСТ ({ $which })
keys-for-signing = для подписи
keys-for-login = для входа
keys-ends-soon = { "    " }Пока ключ действует, перевыпустите его в личном кабинете на pki.gov.kz («Перевыпуск ключей ЭЦП»).
keys-removed = { $path }: убран из списка. Сам файл остался на месте.
keys-unknown = { $path }: такого файла нет в списке. Список: tanba keys list
keys-demo-made =
    Создан ТЕСТОВЫЙ ключ для знакомства с Tanba: { $path }
    Пароль: { $password }
    Для этой папки данных включена тестовая среда ({ $settings }): во всех окнах будет надпись ТЕСТ.
keys-demo-there =
    ТЕСТОВЫЙ ключ уже есть: { $path }
    Пароль: { $password }
    Тестовая среда этой папки данных включена ({ $settings }).

sign-exists = { $path } уже есть. Укажите другой файл через -o или добавьте --force.
sign-too-large = Такой большой файл не помещается внутрь подписи (самое большее { $most } МБ). Добавьте --detached: документ останется рядом с подписью.
sign-no-alias = В файле нет ключа с именем { $alias }. Имена показывает tanba inspect.
sign-several-keys = В файле несколько ключей. Выберите один через --alias; имена показывает tanba inspect.
token-not-there =
    { $count ->
        [0] Токен «{ $name }» не виден, и других токенов тоже. Вставьте его; какие драйверы найдены, покажет tanba tokens list.
       *[other] Токен «{ $name }» не виден. Вставлены: { $tokens }. Список: tanba tokens list
    }
token-several = Вставлено несколько токенов с именем «{ $name }». Назовите серийный номер нужного.
token-hidden-silent = Токен «{ $name }» не виден: драйвер { $vendor } не отвечает. Выньте токен, вставьте снова и повторите; если не поможет, переустановите драйвер.
token-hidden-broken = Токен «{ $name }» не виден: драйвер { $vendor } не работает. Повторите; если не поможет, переустановите драйвер с сайта производителя токена.
token-pin-prompt = PIN-код токена { $label }:
token-pin-at-reader = Введите PIN-код токена { $label } на считывателе; он может спросить не один раз.
token-last-try-by-hand = Последняя попытка: ещё один неверный PIN-код, и токен заблокируется. Запустите команду без --password-stdin (--pin-stdin) и введите PIN-код с клавиатуры.
sign-no-key-named = Назовите файл ключа (--key) или токен (--token).
sign-no-alias-on-token = На токене нет ключа с именем { $alias }. Там есть: { $names }
sign-several-keys-on-token = На токене несколько ключей: { $names }. Выберите один с помощью --alias.
sign-expired = Срок сертификата истёк { $until }. Получите новый ключ в НУЦ.
sign-not-yet = Сертификат ещё не действует. Проверьте часы компьютера.
sign-test-key = ТЕСТ: подпись сделана тестовым ключом и не имеет юридической силы.
sign-test-key-refused = Это тестовый ключ, а тестовая среда выключена. Ничего не подписано. Чтобы подписать для пробы, впишите test_environment = true в { $path }.
sign-done = Подписано: { $name } → { $path }

inspect-certificate = Сертификат
inspect-key-file = { $count ->
    [one] Файл ключа, { $count } ключ
    [few] Файл ключа, { $count } ключа
   *[other] Файл ключа, { $count } ключей
}
inspect-alias = Имя ключа (--alias): { $value }
inspect-no-certificate = { "  " }без сертификата
inspect-nothing-known = Это не сертификат, не подпись CMS и не файл ключа .p12.
inspect-name = Имя: { $value }
inspect-iin = ИИН: { $value }
inspect-organisation = Организация: { $value }
inspect-bin = БИН: { $value }
inspect-issuer = Выдал: { $value }
inspect-issued-nca = Удостоверяющий центр: НУЦ РК, подпись сертификата проверена
inspect-issued-test = ТЕСТ: выдан тестовым центром, не имеет юридической силы
inspect-issued-unknown = Удостоверяющий центр неизвестен, проверить его подпись нечем
inspect-valid = Действует: { $value }
inspect-expired = Срок истёк: { $value }
inspect-not-yet = Ещё не действует: { $value }
inspect-algorithm = Алгоритм: { $value }
inspect-serial = Серийный номер: { $value }

verify-good = Подпись верна.
verify-bad = Подпись НЕ принята.
verify-good-test = ТЕСТ: подпись верна, но сертификат тестовый и не имеет юридической силы.
verify-unchecked = Подпись пока не проверена: нужен документ.
verify-signer = Подписавший { $number } из { $total }
verify-signing-time = Время подписания (со слов подписавшего): { $value }
verify-signing-time-none = Время подписания не указано
verify-embedded = Документ внутри подписи: { $size ->
     [one] { $size } байт
     [few] { $size } байта
    *[other] { $size } байт
}
verify-detached = Документ вне подписи
verify-problem = Проблема: { $value }
verify-no-revocation = Отзыв не проверялся: никого не спрашивали, а в подписи ответов нет.
verify-not-a-signature = Это не подпись, которую читает Tanba: нужны CMS (DER, PEM или base64), подписанный XML или PDF.
verify-content-needed = В подписи нет документа. Укажите его: --content ФАЙЛ
verify-no-signers = В файле нет ни одной подписи.
verify-cert-missing = в подписи нет сертификата подписавшего
verify-cert-unknown = сертификат выпущен неизвестным центром (администратор может добавить его: tanba trust ca add)
verify-cert-test = сертификат тестовый, а тестовая среда выключена
verify-cert-not-valid = на время подписания сертификат не действовал
verify-time-future = время подписания ещё не наступило: часы подписавшего или этого компьютера идут неверно
verify-problem-content-differs = документ изменён или это другой документ
verify-problem-digest-length = подписан хеш неподходящей длины: проверить такую подпись не сможет никто
verify-problem-other-certificate = подписан другой сертификат
verify-problem-signature = значение подписи не подходит к ключу
verify-problem-not-checked = не проверено: алгоритм этой подписи пока не поддерживается ({ $detail })
verify-problem-structure = подпись устроена неправильно ({ $detail })

# Запуск и доверие (tanba run, tanba trust)

run-ready = Tanba готова к работе. Её страница: { $page }
run-failed = Tanba не смогла запуститься: { $what }
run-running-already = Tanba уже запущена (процесс { $pid }). Одной достаточно: откройте её страницу https://127.0.0.1:{ $port }/
run-running-somewhere = Tanba с этой папкой данных уже запущена.
run-port-taken = Порт { $port } занят, а какой программой, система не сообщает. Закройте эту программу или выберите другой порт: --port.
run-port-taken-program = Порт { $port } занят программой { $program } (процесс { $pid }{ $path }). Закройте её или выберите другой порт: --port.
run-port-taken-ncalayer = Порт { $port } занят программой NCALayer (процесс { $pid }). Сайты видят только одну из двух программ: закройте NCALayer и запустите Tanba снова.
run-port-taken-tanba = Порт { $port } занят другой Tanba (процесс { $pid }). Закройте её или выберите другой порт: --port.
run-port-taken-tanba-somewhere = Порт { $port } занят другой Tanba. Закройте её или выберите другой порт: --port.
run-port-taken-user = Порт { $port } занят программой другого пользователя этого компьютера. Выберите другой порт: --port; сайты ждут на { $standard }.
run-signer-missing = Нет файла { $path }: подписывать нечем. Установите Tanba заново.
run-setting-unknown = Неизвестная настройка { $key } в файле { $file } пропущена.
run-settings-broken = Файл { $file } не годится. Исправьте его или переименуйте: тогда действуют значения по умолчанию ({ $what }).

trust-tool-missing = Нет программы { $tool }. Установите её: apt install libnss3-tools (Debian, Ubuntu), dnf install nss-tools (Fedora), pacman -S nss (Arch).
trust-failed = Хранилища сертификатов браузеров недоступны: { $what }
trust-no-certificate = У Tanba ещё нет локального сертификата. Его сделает команда tanba trust install.
trust-certificate = Локальный сертификат: { $name }, до { $until }
trust-no-stores = Ни один браузер пока не хранит сертификаты в этой домашней папке.
trust-store-trusted = { $browser }: доверяет · { $path }
trust-store-untrusted = { $browser }: сертификат есть, но доверия нет · { $path }
trust-store-absent = { $browser }: не доверяет · { $path }
trust-store-locked = { $browser }: хранилище закрыто основным паролем. Откройте в нём https://127.0.0.1:13579/ и примите сертификат там · { $path }
trust-store-unusable = { $browser }: хранилище не открывается ({ $what }) · { $path }
trust-restart = Перезапустите открытые браузеры.

# Решения о сайтах (tanba sites)

sites-none = Ни одному сайту ещё не отвечали.
sites-seen = { $origin } · { $program } · ему уже отвечали
sites-allowed = { $origin } · { $program } · разрешено спрашивать
sites-blocked = { $origin } · { $program } · заблокирован. Чтобы снова принимать запросы: tanba sites forget { $origin }
sites-blocked-site = { $origin } · { $program } · заблокирован вместе со всеми адресами сайта { $site }. Чтобы снова принимать запросы: tanba sites forget { $origin }
sites-paths = { $origin } · { $program } · может читать и сохранять ваши файлы без вопроса. Чтобы отозвать разрешение: tanba sites forget { $origin }
sites-forgotten = { $origin } забыт: его следующий запрос будет показан как от нового сайта.
sites-unknown = О { $origin } ничего не запомнено. Список: tanba sites list

service-unreachable = Служба { $service } недоступна ({ $host }). Проверьте сеть и прокси и попробуйте снова.
service-slow = Служба { $service } не отвечает ({ $host }). Попробуйте через несколько минут.
service-strange = Служба { $service } дала негодный ответ ({ $host }). Попробуйте позже; если не поможет, сообщите в НУЦ.
service-not-allowed = { $url } — не адрес НУЦ, поэтому туда запрос не отправлен.
service-proxy = Прокси в настройках — не адрес вида http://host:port. Исправьте services.proxy.
evidence-unreadable = Пришло не то, что присылает такая служба: прочитать это нельзя. Возможно, ответ подменил прокси.
evidence-refused = Служба сообщила, что не отвечает на запрос.
evidence-off-the-question = Это ответ на другой вопрос.
evidence-not-believed = Ответ подписан не тем, кем должен быть.
evidence-out-of-time = Ответ слишком старый или из будущего. Проверьте часы компьютера.
evidence-not-asked = Спросить не удалось.

ca-added = Теперь принимается: { $name }
    SHA-256 { $fingerprint }
    Сверьте с тем, что опубликовал сам центр; если не совпадает: tanba trust ca remove { $fingerprint }
ca-not-certificate = Этот файл — не сертификат.
ca-no-authority = Это сертификат не удостоверяющего центра: он не вправе выпускать сертификаты, поэтому добавлять его незачем.
ca-not-valid-now = Сегодня его сертификат не действует ({ $from } – { $until }); выпущенное в срок проверять можно.
ca-test-outside = Тестовый центр учитывается только при test_environment = true в { $settings }.
ca-line-embedded = { $name }
ca-line-added = { $name } · добавлен
ca-line-test = { $name } · ТЕСТ
ca-line-test-added = { $name } · ТЕСТ · добавлен
ca-line-certificate = {"    "}до { $until } · SHA-256 { $fingerprint }
ca-line-key-only = {"    "}известен по ключу { $identifier }; самого сертификата мы не видели
ca-test-do-not-count = Тестовые центры не учитываются: тестовая среда выключена.
ca-fingerprint-wanted = Какой именно? Укажите не меньше 8 знаков SHA-256 из tanba trust ca list.
ca-unknown = Нет добавленного центра, чей SHA-256 начинается с { $fingerprint }. Встроенные в Tanba остаются.
ca-several = С { $fingerprint } начинаются несколько: укажите больше знаков.
ca-removed = Больше не принимается: { $name }

verify-content-not-wanted = --content нужен только для CMS без документа. XML и PDF содержат подписанное сами.
verify-remark = Замечание: { $value }
verify-covers-document = Подписан весь документ
verify-covers-element = Подписан только элемент { $detail }, остальное — нет
verify-covers-nothing = Указывает на { $detail }, чего в документе нет
verify-pdf-covers-all = Поле { $detail }: подписан весь файл
verify-pdf-then-signatures = Поле { $detail }: подписан файл, каким он был; после добавлены другие подписи
verify-pdf-then-changes = Поле { $detail }: подписан файл, каким он был; потом документ ИЗМЕНЁН
verify-pdf-then-unknown = Поле { $detail }: подписан файл, каким он был; что добавлено потом, прочесть не удалось
verify-pdf-changed = после последней подписи документ изменён: в нём показано больше, чем подписано
verify-stamp = Метка времени: { $value } · { $service }
verify-stamp-bad = Негодная метка времени: { $detail }
verify-stamp-not-believed = Метка времени ничего не доказывает: { $detail }
verify-time-not-proven = Срок сертификата с тех пор истёк. О том, что подписано раньше, говорят только часы подписавшего; доказательством была бы метка времени.
verify-anchor = Цепочка доверия: { $anchor }
verify-anchor-key-only = Цепочка доверия: { $anchor } (известен по ключу; самого сертификата мы не видели)
verify-anchor-test = Тестовый центр: { $anchor }
verify-anchor-none = Ни один доверенный центр его не выпускал: { $detail }
verify-not-revoked = Не отозван: { $source }, { $value }
verify-revoked = ОТОЗВАН с { $value } ({ $reason }): { $source }
verify-revocation-unknown = Отозван ли, неизвестно: { $detail }
verify-trouble = {"    "}{ $detail }
verify-cert-revoked = сертификат отозван

sign-options-differ = Эти параметры не сочетаются: --detached, --add, --content и --format — для CMS, --compact — для XML, --visible, --reason и --location — для PDF, а к XML метка времени не ставится.
sign-not-added = Ваша подпись не добавлена: { $detail }. Если в CMS нет документа, укажите его: --content ФАЙЛ
sign-stamp-unusable = Метку времени использовать нельзя: { $detail }
sign-stamp-not-believed = Замечание: метка времени подходит, но центр её службы здесь неизвестен ({ $detail }).
sign-long-term-failed = Не удалось узнать, отозван ли сертификат { $name }, поэтому подпись для долгого хранения не сделать: { $detail }
sign-stamp-heading = Подписано электронной подписью
sign-stamp-time = Время: { $value }
sign-pdf-failed = Поставить подпись внутрь этого PDF нельзя: { $detail }. С --detached подпись ляжет в файл рядом.
sign-xml-failed = Подписать этот документ как XML нельзя: { $detail }. Без --as xml получится CMS.

inspect-issued-added = Удостоверяющий центр: добавлен здесь (tanba trust ca list), подпись сертификата проверена
ca-is-test = { $name } — тестовый центр. Добавьте его с --test или не добавляйте вовсе: выпущенное им не имеет юридической силы.
ca-is-real = { $name } уже принимается, и не как тестовый. Сначала удалите его: tanba trust ca list
verify-revocation-no-issuer = Отзыв не проверялся: центру, выпустившему сертификат, здесь не доверяют
verify-cert-revocation-unknown = не удалось узнать, отозван ли сертификат (--require-revocation)
verify-open-revocation = Не выяснено: отозван ли сертификат.
verify-open-time = Не доказано: что подписано до окончания срока сертификата.
verify-none = В файле нет подписи.
sign-add-is-for-cms = --add — для CMS. В PDF следующая подпись ставится без --add.
sign-no-folder = Папки { $path } нет. Создайте её или укажите другую.
verify-issuer-revoked = центр, стоящий над сертификатом, отозван
verify-wrong-purpose = это сертификат службы, или его ключом подписывать нельзя: документы им не подписывают
verify-open-purpose = Замечание: это ключ для входа, а не для подписи документов.
sign-stamp-time-differs = её время далеко от времени этого компьютера; проверьте часы
verify-cert-not-valid-now = сертификат сегодня не действует, а когда подписано, в файле не сказано
verify-pdf-changed-after = после этой подписи документ изменён: сейчас в нём показано не то, что подписано

# Командная строка, которую не удалось понять

usage-unknown-argument = Здесь нет параметра { $what }.
usage-missing-argument = Не хватает: { $what }
usage-unknown-command = Такой команды нет: { $what }.
usage-missing-command = { $what }: дальше нужна команда.
usage-missing-value = { $what }: дальше нужно значение.
usage-wrong-value = Значение «{ $value }» не подходит для { $what }.
usage-conflict = { $what } нельзя указывать вместе с { $value }.
usage-allowed = Можно: { $what }
usage-meant = Возможно, вы имели в виду: { $what }
usage-help = Подробнее: --help

# tanba log

log-empty = Журнала работы ещё нет. Он появится, когда tanba run что-нибудь запишет.
log-saved = Журнал работы сохранён: { $file }. Прочитайте его, прежде чем отдавать: в нём названы сайты, которые обращались.
log-there = { $file } уже есть, и Tanba ничего не затирает. Укажите другое имя.
log-not-written = Журнал работы сохранить не удалось ({ $what }). Выберите другое место.
log-unreadable = Журнал работы прочитать не удалось ({ $what }).
