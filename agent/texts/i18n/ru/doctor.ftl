### tanba doctor: у каждой строки название, зачем она, что найдено и что делать дальше.
### У того, что смотрит и страница проверки, слова из check.ftl.

doctor-looking = Смотрим: { $names }
doctor-verdict-good = Неполадок не найдено.
doctor-verdict-notes = { $count ->
    [one] Неполадок не найдено. Обратите внимание на { $count } строку выше.
    [few] Неполадок не найдено. Обратите внимание на { $count } строки выше.
   *[many] Неполадок не найдено. Обратите внимание на { $count } строк выше.
}
doctor-verdict-faults = Найдено неполадок: { $count }. Что делать, написано у каждой.
doctor-report-person = (имя не указано)

# Настройки

doctor-settings = Файл настроек
doctor-settings-why = Пока его нельзя прочитать, Tanba не запускается.
doctor-settings-fine = Файл настроек прочитан без ошибок.
doctor-settings-broken = { $file } не годится: { $what }.
doctor-settings-line = строка { $line } непонятна
doctor-settings-value = { $key } не может быть «{ $value }»; подходит: { $expected }
doctor-settings-owned-by-others = { $path } принадлежит другому пользователю
doctor-settings-writable-by-others = { $path } могут менять другие
doctor-settings-unreadable = он не читается
doctor-settings-no-text = это не файл настроек
doctor-settings-broken-next = Исправьте эту строку или переименуйте файл: тогда действуют значения по умолчанию.
doctor-settings-administrator-next = Это файл администратора. Покажите ему эту строку.
doctor-settings-unknown = В { $file } есть настройка, которой Tanba не знает: { $key }. На неё не смотрят.
doctor-settings-unknown-next = Проверьте, нет ли опечатки в названии; все настройки показывает `tanba settings list`.

# Папки

doctor-folders = Папки Tanba
doctor-folders-why = В них настройки, список ключей и журнал. Другие пользователи компьютера не должны их ни читать, ни менять.
doctor-folders-private = Войти в них можете только вы.
doctor-folders-open = Другие пользователи этого компьютера могут войти в { $path }.
doctor-folders-open-next = Закройте папку от других: `chmod 700 ПАПКА`
doctor-folders-foreign = { $path } принадлежит другому пользователю: возможно, Tanba когда-то запускали через sudo.
doctor-folders-foreign-next = Верните её себе: `sudo chown -R "$USER" ПАПКА`. Не запускайте Tanba через sudo.
doctor-folders-unreadable = { $path } не удаётся посмотреть: { $what }.

# Порт

doctor-port = Порт этого компьютера
doctor-port-why = Сайты ищут программу для подписи только на одном порту. Чей порт, ту программу они и находят.
doctor-port-tanba = Порт { $port } занимает Tanba (процесс { $pid }).
doctor-port-nobody = На порту { $port } никого нет: Tanba не запущена.
doctor-port-nobody-next = Запустите Tanba: `tanba run`
doctor-port-elsewhere = Tanba запущена, но на порту { $other }, а сайты ищут её на { $port }.
doctor-port-elsewhere-next = Закройте Tanba и запустите её без --port.
doctor-port-half = Порт { $port } у Tanba только для IPv4; на ::1 отвечает не она.
doctor-port-half-next = Закройте Tanba и запустите её снова. Если она скажет, что порт занят, закройте программу, которую она назовёт.
doctor-port-ncalayer = Порт { $port } занимает NCALayer (процесс { $pid }): сайты находят его, а не Tanba.
doctor-port-ncalayer-next = Сайты могут обращаться только к одной из двух программ. Закройте NCALayer, уберите его из автозапуска и запустите Tanba.
doctor-port-other = Порт { $port } занимает { $program } (процесс { $pid }, { $path }), поэтому сайты не находят Tanba.
doctor-port-other-next = Закройте программу, которая занимает порт, и запустите Tanba: `tanba run`
doctor-port-another-user = Порт { $port } занимает другой пользователь этого компьютера. Порт один на всех: ваши сайты попадают в его программу, а она вам отказывает.
doctor-port-another-user-next = Попросите его закрыть программу или выйдите там из системы. А пока файлы можно подписывать без сайта: `tanba sign ФАЙЛ`. На сервере, где работают многие, администратор может дать каждому свою сеть; Tanba на другом порту поможет только с сайтами, которым этот порт можно указать.
doctor-port-hidden = Порт { $port } занимает какая-то программа, но система не говорит какая.
doctor-port-unknown = Не удалось узнать, кто занимает порт { $port }: { $what }.
doctor-port-unusual = В настройках указан порт { $port }, а сайты ищут порт { $standard }.
doctor-port-unusual-next = Верните настройке значение по умолчанию, `tanba settings reset port`, и запустите Tanba заново.

# Запуск при входе

doctor-autostart = Запуск при входе в систему
doctor-autostart-why = Сайты находят Tanba, только пока она работает.
doctor-autostart-on = Tanba запускается при входе в систему.
doctor-autostart-off = Tanba не запускается при входе в систему: после следующего входа сайты её не найдут.
doctor-autostart-disabled = В списке автозапуска рабочего стола Tanba выключена.
doctor-autostart-gone = При входе в систему запускается { $program }, а этой программы больше нет: не запустится ничего.
doctor-autostart-elsewhere = При входе в систему запускается не эта Tanba или другая команда: { $program }.
doctor-autostart-unreadable = Запись об автозапуске непонятна: не запустится ничего.
doctor-autostart-unknown = Узнать, запускается ли Tanba при входе, не удалось: { $what }.
doctor-autostart-next = Чтобы при входе запускалась эта Tanba: `tanba autostart on`

# Связь с Tanba

doctor-socket-answers = Tanba отвечает на порту { $port }.
doctor-socket-silent = Tanba занимает порт { $port }, но не отвечает на нём.
doctor-socket-silent-next = Закройте Tanba и запустите её снова. Если она не закрывается, завершите её процесс.
doctor-tls-own = Tanba отвечает со своим сертификатом.
doctor-tls-resigned = По адресу Tanba показывают другой сертификат, его выдал «{ $issuer }». Что-то просматривает защищённые соединения этого компьютера: антивирус или прокси.
doctor-tls-resigned-next = В настройках той программы исключите 127.0.0.1 и localhost из проверки защищённых соединений (HTTPS).
doctor-tls-stale = Tanba отвечает не с тем локальным сертификатом, который у неё сейчас.
doctor-tls-stale-next = Закройте Tanba и запустите её снова. Если запущены две Tanba с разными папками, закройте одну.

# Локальный сертификат

doctor-leaf = Локальный сертификат
doctor-leaf-why = Им Tanba доказывает браузеру, что она на этом компьютере. Больше он ни для чего не служит.
doctor-leaf-fine = Он есть и действует до { $until }.
doctor-leaf-missing = Его ещё нет.
doctor-leaf-missing-next = Сделайте его: `tanba trust install`
doctor-leaf-unusable = Его файл не годится: { $what }.
doctor-leaf-ends-soon = Он действует только до { $until }. Пока Tanba запущена, она обновляет его сама.
doctor-leaf-ends-soon-next = Запустите Tanba или обновите сертификат сейчас: `tanba trust install`
doctor-leaf-ended = Он уже не действует или ещё не действует: срок до { $until }.

# Браузеры

doctor-browser = Доверие браузеров
doctor-browser-why = Браузер, который не доверяет локальному сертификату, не пускает к Tanba ни один сайт.
doctor-browser-trusts = { $browser } доверяет · { $path }
doctor-browser-trusts-not = { $browser } не доверяет · { $path }
doctor-browser-trusts-not-next = Выполните `tanba trust install`, закройте браузер и запустите его снова.
doctor-browser-locked = { $browser } держит сертификаты под основным паролем · { $path }
doctor-browser-locked-next = Откройте в этом браузере страницу Tanba, https://127.0.0.1:13579/, и примите сертификат там.
doctor-browser-unusable = Хранилище { $browser } не открывается ({ $what }) · { $path }
doctor-browser-unusable-next = Закройте браузер и посмотрите ещё раз. Если не поможет, создайте в нём новый профиль.
doctor-browser-none = Ни один браузер пока не хранит сертификаты в этой домашней папке.
doctor-browser-none-next = Создайте хранилище для Chromium: `tanba trust install`. Firefox создаёт своё, когда его запускают в первый раз.
doctor-browser-unknown = Не удалось узнать, какие браузеры ему доверяют. { $what }
doctor-browser-unknown-next = После этого посмотрите ещё раз.

# Другие центры

doctor-authority = Другие удостоверяющие центры
doctor-authority-why = Кто здесь записан, может поручиться за любой сайт, даже за банк. Tanba здесь никто не нужен.
doctor-authority-none = В браузеры этой домашней папки никакой центр не добавлен.
doctor-authority-nca = { $browser } верит центру «{ $name }» о любом сайте. Его добавляет и оставляет после себя NCALayer · { $path }
doctor-authority-nca-next = Если NCALayer вам больше не нужен, уберите этот центр. Подписям и ключам он не нужен.
doctor-authority-other = { $browser } верит центру «{ $name }» о любом сайте · { $path }
doctor-authority-other-next = Его мог добавить антивирус или работодатель. Если вы его не знаете, спросите; если он никому не нужен, уберите его.
doctor-authority-unknown = Не удалось узнать, кому верят браузеры. { $what }

# Расширение

doctor-extension-absent = Расширения браузеров здесь с Tanba не связаны, и это не нужно: сайты обращаются через порт.
doctor-extension-manifest = { $browser } знает программу { $program } · { $path }
doctor-extension-broken = { $browser }: указана программа, которой нет: { $program } · { $path }
doctor-extension-broken-next = Удалите этот файл или установите Tanba заново.

# Что установил администратор

doctor-network-free = Администратор ничего об этом не установил: о каждом сайте браузер спрашивает вас.
doctor-network-allowed = { $browser } без вопросов пускает к этому компьютеру эти сайты: { $sites } · { $path }
doctor-network-blocked = { $browser } не пускает к этому компьютеру эти сайты: { $sites } · { $path }
doctor-network-blocked-next = Попросите администратора указать в LoopbackNetworkAllowedForUrls сайты, на которых вы подписываете.
doctor-network-unreadable = Не читается то, что администратор установил для { $browser } ({ $what }) · { $path }

# Часы

doctor-clock-agrees = Этот компьютер показывает { $ours }, и { $whose } тоже.
doctor-clock-wrong = Этот компьютер показывает { $ours }, а { $whose } — { $theirs }: { $seconds ->
    [one] разница { $seconds } секунда.
    [few] разница { $seconds } секунды.
   *[many] разница { $seconds } секунд.
}
doctor-clock-unknown = Ни одна служба не сказала, который час.
doctor-clock-unknown-next = Сверьте часы компьютера с телефоном.

# Службы

doctor-services = Связь с НУЦ
doctor-services-why = Перед подписью Tanba спрашивает, не отозван ли сертификат; многим сайтам нужна метка времени.
doctor-services-offline = Службы не спрашивали.
doctor-services-offline-next = Без --offline их спросят.
doctor-services-proxy = Прокси из настроек не годится.
doctor-services-proxy-next = Укажите его адрес, http://host:port, либо system или none: `tanba settings set services.proxy АДРЕС`
doctor-ocsp = Состояние сертификатов (OCSP)
doctor-ocsp-why = Здесь Tanba спрашивает, не отозван ли ключ. Без ответа подписать можно, но об отзыве вы не узнаете.
doctor-crl = Списки отозванных сертификатов (CRL)
doctor-crl-why = Их спрашивают, когда OCSP не отвечает.
doctor-tsp = Метки времени (TSP)
doctor-tsp-why = Метка времени доказывает, когда вы подписали. Многие сайты без неё подпись не принимают.
doctor-service-answers = Служба отвечает.
doctor-service-fails = Годного ответа нет. { $what }
doctor-service-fails-next = Откройте в браузере https://pki.gov.kz. Если и он не открывается, дело в сети или в НУЦ: попробуйте позже. Если открывается, проверьте прокси в настройках.
doctor-tsp-fails-next = Пока ответа нет, подписывайте без метки времени, если сайт это разрешает. Посмотрите, открывается ли https://pki.gov.kz, и проверьте прокси в настройках.

# Токены

doctor-tokens-fine = { $count ->
    [0] Драйверы работают: { $vendors }. Ни один токен не вставлен.
    [one] Драйверы работают: { $vendors }. Вставлен { $count } токен.
    [few] Драйверы работают: { $vendors }. Вставлено { $count } токена.
   *[many] Драйверы работают: { $vendors }. Вставлено { $count } токенов.
}
doctor-tokens-none = Драйверы токенов не установлены.
doctor-tokens-fault = Драйвер { $vendor } не показывает токены. { $what } · { $path }
doctor-tokens-refused = Драйвер { $vendor } не загружается. { $what }
doctor-tokens-file = { $what }
doctor-tokens-file-line = { $file }: строка { $line } непонятна. Пока она не исправлена, токены недоступны.
doctor-tokens-file-unreadable = { $file } не читается. Пока это так, токены недоступны.
doctor-tokens-readers = Не запущена служба считывателей (pcscd). Через неё работают большинство токенов и удостоверение личности.
doctor-tokens-readers-next = Если ваш ключ на токене или карте: `sudo systemctl enable --now pcscd.socket`. Если такой службы нет, установите пакет pcscd (pcsc-lite). Ключу в файле ничего не нужно.

# Ключи

doctor-keys-ready = { $count ->
    [one] Готов { $count } ключ, до { $until }.
    [few] Готовы { $count } ключа; последний из них до { $until }.
   *[many] Готово { $count } ключей; последний из них до { $until }.
}
doctor-keys-none = Ни один ключ не готов подписывать.
doctor-keys-none-next = Добавьте файл ключа: `tanba keys add ФАЙЛ.p12`. Ключ на токене виден, когда вы им подписываете.
doctor-keys-missing = Файла ключа нет там, где он был: { $file }
doctor-keys-missing-next = Если он на флешке, вставьте её. Если вы его перенесли, добавьте снова: `tanba keys add ФАЙЛ.p12`. Если его больше нет, пусть Tanba его забудет: `tanba keys remove ФАЙЛ.p12`
doctor-keys-unreadable = { $file }: { $what }
doctor-keys-open = Файл ключа { $file } могут прочитать другие пользователи этого компьютера.
doctor-keys-open-next = Закройте его от других: `chmod 600 ФАЙЛ.p12`. Пароль защищает его лишь до тех пор, пока никто не подобрал пароль.
doctor-keys-ends-soon = Срок ключа истекает { $until }: { $name }.
doctor-keys-ended = Срок ключа истёк { $until }: { $name }.
doctor-keys-ended-next = Получите новый ключ на egov.kz или pki.gov.kz.
doctor-keys-revoked = Сертификат отозван { $since }: { $name }. Подписи этим ключом не принимают.
doctor-keys-lists = Список в папке данных Tanba не читается, и, пока это так, ничего не подписывается: { $what }.
doctor-keys-lists-next = Верните файл из копии. Если копии нет, переименуйте его и заново заблокируйте утерянные ключи: `tanba keys lost`

# Журнал

doctor-journal = Журнал
doctor-journal-why = По нему позже можно узнать, что было подписано и для кого.
doctor-journal-whole = { $count ->
    [one] Он цел: { $count } решение.
    [few] Он цел: { $count } решения.
   *[many] Он цел: { $count } решений.
}
doctor-journal-none = Он пуст.
doctor-journal-broken = Он не такой, каким его записала Tanba: что-то изменили или удалили.
doctor-journal-broken-next = Где именно, покажет `tanba journal check`. Сначала скопируйте папку: вдруг это придётся доказывать.
doctor-journal-unknown = Проверить его не удалось: { $what }.
doctor-journal-unknown-next = Выполните `tanba journal check`: команда скажет, что не так.

# Сама проверка

doctor-look = Сама проверка
doctor-look-why = То, чего не посмотрели, всё ещё может мешать.
doctor-look-late = Это длилось слишком долго и осталось непроверенным: { $area }.
doctor-look-late-next = Посмотрите ещё раз. Если это повторится, перезагрузите компьютер.

# Исправление

doctor-fix-start = Запустить Tanba сейчас? (да/нет)
doctor-fix-trust = Сделать так, чтобы все браузеры этой домашней папки доверяли локальному сертификату? (да/нет)
doctor-fix-renew = Сделать локальный сертификат заново, чтобы ему доверяли браузеры, доверявшие прежнему? (да/нет)
doctor-fix-tighten = Закрыть это от других пользователей? (да/нет)
doctor-fix-take-out = Убрать «{ $name }» из этого хранилища { $browser }? (да/нет)
doctor-fix-forget = Забыть этот файл? Сам файл не тронут. (да/нет)
doctor-fix-set-aside = Переименовать { $file }, чтобы действовали значения по умолчанию? (да/нет)
doctor-fix-reset-port = Вернуть порт по умолчанию, { $standard }? (да/нет)
doctor-fix-autostart = Запускать эту Tanba при входе в систему? (да/нет)
doctor-fix-done = Исправлено: { $what }
doctor-fix-failed = Не исправлено: { $what } ({ $why })
doctor-fix-left = Оставлено как есть: { $code }
doctor-fix-not-named = Оставлено как есть: на это нужно отдельное «да»: tanba doctor --fix { $code }
doctor-fix-nothing = Здесь нет ничего, что программа могла бы исправить.
doctor-fix-how = Исправить: tanba doctor --fix { $code }
