### Окно подписи

window-title = Tanba
window-test = ТЕСТ
window-test-banner = ТЕСТ. Тестовая среда: подписи тестовым ключом не имеют силы.

# Кто и что просит. Первая строка окна: имя сайта или программы, вторая: что он просит.

window-asks-to-sign =
    { $count ->
        [1] просит подписать документ
        [one] просит подписать { $count } документ
        [few] просит подписать { $count } документа
       *[many] просит подписать { $count } документов
    }
window-asks-to-show-key = просит показать ваш ключ
window-show-key-explained = Сайт увидит, что написано в вашем сертификате: имя, ИИН или БИН, срок действия. Ничего не будет подписано.
window-first-time = впервые
window-logo = Картинка, которую прислал сайт. Она ничего не доказывает.
window-via = через { $program }
window-this-computer = страница этого компьютера
window-foreign-letters = в адресе не только латинские буквы
window-who-unknown = Неизвестная программа
window-who-opaque = Страница без адреса
window-who-program = Программа «{ $program }»
window-who-extension = Расширение браузера { $id }
window-alarm-insecure = Соединение с этим сайтом не защищено: страницу и документ могли подменить по дороге. Если вы не ждали запроса, нажмите «{ $no }».
window-alarm-opaque = Браузер не называет сайт, с которого пришёл запрос. Если вы не ждали его, нажмите «{ $no }».
window-alarm-no-page = Это не страница в браузере, и проверить, кто спрашивает, нельзя. Если вы сами ничего не запускали, нажмите «{ $no }».
window-alarm-program-untold = Не удалось узнать, какая программа спрашивает. Адрес сайта может быть поддельным. Если вы не ждали запроса, нажмите «{ $no }».
window-alarm-unknown-program = Tanba не знает такого браузера. Если вы сами не запускали эту программу, нажмите «{ $no }».
window-alarm-unknown-program-claims = Эта программа говорит, что запрос пришёл с { $site }, но Tanba не знает такого браузера и не может это проверить. Если вы не ждали запроса, нажмите «{ $no }».
window-warning-digest-only = Сайт не показал сам документ и прислал только его хеш. Это может быть хеш чего угодно: подписывайте, только если доверяете сайту.
window-warning-part-only = Подписывается только часть документа: нажмите «Показать», она отмечена чертой слева. Остальное ваша подпись не заверяет. Проверьте, что подписываете именно то, что хотели.
window-warning-certificate-request = Это запрос на сертификат на ваше имя. Тот, у кого окажется ваша подпись под ним, может получить ключ на ваше имя. Если вы не начинали это сами на сайте НУЦ, нажмите «Отмена».
window-warning-revocation-request = Это заявление об отзыве вашего сертификата. Тот, у кого окажется ваша подпись под ним, может добиться отзыва вашего ключа. Если вы не начинали это сами на сайте НУЦ, нажмите «Отмена».
window-warning-digest-length = Сайт прислал хеш неверной длины ({ $octets } вместо { $expected }, в байтах). Подписать можно, но проверить такую подпись никто не сможет.
window-warning-other-site =
    Документ открывает вход на: { $named }
    А просит подписать его: { $asks }
    Если вы этого не ждали, нажмите «Отмена».

# Документы

window-documents =
    { $count ->
        [one] { $count } документ, всего { $size }
        [few] { $count } документа, всего { $size }
       *[many] { $count } документов, всего { $size }
    }
window-document-number = Документ { $number }
window-show = Показать
window-hide = Скрыть
window-preview = Содержимое документа
window-kind-text = Текст
window-kind-xml = Документ XML
window-kind-pdf = Документ PDF
window-kind-zip = Архив ZIP или офисный документ
window-kind-image = Изображение
window-kind-cms = Файл с подписью (CMS)
window-kind-binary = Файл неизвестного вида
window-kind-digest = Хеш документа
window-note-beginning = Показано только начало. Подпись будет стоять под всем документом.
window-note-binary = Этот файл нельзя показать как текст, видны только его первые байты.
window-note-digest = Содержимое не передано, виден только хеш.
window-signed-part = Подписывается
window-look-hashed = Показать точно то, что хешируется
window-look-laid-out = Показать удобно для чтения
window-look-note = Для удобства чтения: переносы строк и отступы добавлены только на экране.
window-note-picture = Картинка помогает узнать документ. Подписывается сам файл, байт в байт.
window-note-not-drawn = Нарисовать документ не удалось, видны только его первые байты. Подпись будет стоять под всем файлом.
window-note-encrypted = Документ зашифрован паролем, показать его нельзя; видны только его первые байты.
window-encrypted = зашифрован паролем
window-not-drawn = нарисовать не удалось
window-drawing = Картинка готовится…
window-page = Страница { $page } из { $pages }
window-page-not-drawn = Эту страницу нарисовать не удалось.
window-pages =
    { $count ->
        [one] { $count } страница
        [few] { $count } страницы
       *[many] { $count } страниц
    }
window-image-size = { $width } × { $height } пикселей
window-page-back = ‹ Предыдущая
window-page-on = Следующая ›
window-enlarge = Крупнее
window-fit-width = По ширине
window-size-octets =
    { $count ->
        [one] { $count } байт
        [few] { $count } байта
       *[many] { $count } байт
    }
window-size-kilo = { $number } КБ
window-size-mega = { $number } МБ

# Ключи

window-keys = Ключ
window-no-keys = Ключей пока нет. Вставьте токен или выберите файл ключа: его имя обычно начинается с GOST512 и кончается на .p12.
window-first-file = Выбрать файл…
window-other-file = Другой файл…
window-type-path = Ввести путь
window-path = Путь к файлу ключа
window-add-path = Добавить
window-forget = Убрать из списка
window-choose-key-file = Выберите файл ключа
window-key-files = Файлы ключей
window-all-files = Все файлы
window-locked = ещё не открыт: введите его пароль
window-looking = Ищу токены…
window-token = Токен: { $label }
window-token-in = Токен: { $label } ({ $reader })
window-token-serial = № { $serial }
window-locked-token = ещё не открыт: введите его PIN-код
window-driver = драйвер токенов
window-iin = ИИН { $number }
window-bin = БИН { $number }
window-until = до { $date }
window-role-person = физическое лицо
window-role-head = первый руководитель
window-role-signing-employee = сотрудник с правом подписи
window-role-finance-employee = сотрудник с правом подписи финансовых документов
window-role-personnel = отдел кадров
window-role-employee = сотрудник
window-role-system = информационная система
window-role-organisation = юридическое лицо
window-reason-expired = Срок действия истёк. Получите новый ключ в НУЦ.
window-reason-expired-on = Срок действия истёк { $date }. Получите новый ключ в НУЦ.
window-reason-not-yet = Срок действия ещё не наступил. Проверьте часы компьютера.
window-reason-wrong-use = Сайту нужен ключ другого назначения (для подписи или для входа).
window-reason-wrong-role = Сайту нужен ключ с другой ролью (например, руководителя).
window-reason-person = Сайту нужен ключ другого человека: ИИН не совпадает.
window-reason-organisation = Сайту нужен ключ другой организации: БИН не совпадает.
window-reason-serial = Сайту нужен другой сертификат: серийный номер не совпадает.
window-reason-key = Сайт назвал другой ключ: выберите его.
window-reason-issuer = Этот ключ выдал не НУЦ Казахстана. Выберите другой ключ.
window-reason-test = Тестовый ключ: годится только в тестовой среде.
window-reason-storage = Сайту нужен ключ на другом носителе. Выберите другой.
window-reason-algorithm = Такими ключами Tanba не подписывает. Выберите другой ключ.
window-reason-missing = Файла нет на прежнем месте. Выберите другой файл.
window-reason-unreadable = Файл не читается, или это не файл ключа. Выберите другой файл.
window-reason-token-gone = Токен вынут. Вставьте его снова.
window-reason-no-key-on-token = На токене нет ключей. Получите ключ на него в НУЦ или вставьте другой токен.
window-reason-pin-locked = PIN-код токена заблокирован. Разблокируйте его программой производителя; если нет кода администратора, токен придётся очистить и получить новый ключ.
window-reason-pin-not-set = PIN-код токена не задан. Задайте его программой производителя токена.
window-reason-driver-silent = Драйвер токена перестал отвечать, его ключей не видно. Выньте токен и вставьте снова.
window-reason-driver-crashed = В драйвере токена произошёл сбой, его ключей не видно. Выньте токен и вставьте снова; если не поможет, обновите драйвер.
window-reason-blocked = Вы заблокировали этот ключ как утраченный. Как разблокировать, написано в окне Tanba, раздел «Ключи».

# Пароль

window-password = Пароль
window-password-given = Пароль принят, вводить его ещё раз не нужно.
window-show-password = Показать пароль
window-hide-password = Скрыть пароль
window-layout = Раскладка { $layout }
window-hint-caps-lock = Включён Caps Lock.
window-hint-cyrillic = В пароле есть кириллица. Если он из латинских букв, переключите раскладку.
window-pin = PIN-код
window-pin-given = PIN-код принят, вводить его ещё раз не нужно.
window-show-pin = Показать PIN-код
window-hide-pin = Скрыть PIN-код
window-pin-at-reader = PIN-код вводится на считывателе: нажмите «{ $button }» и наберите его там.
window-pin-few = После последнего входа вводили неверный PIN-код, попыток стало меньше. Когда они кончатся, токен заблокируется.
window-pin-last = Последняя попытка: ещё один неверный PIN-код, и токен заблокируется.
window-pin-last-understood = Этот PIN-код точно верный, использую последнюю попытку

# Решение

window-sign = Подписать
window-show-key = Показать ключ
window-open-key = Открыть ключ
window-cancel = Отмена
window-close = Закрыть
window-missing-key = Выберите ключ.
window-missing-password = Введите пароль ключа.
window-missing-pin = Введите PIN-код токена.
window-missing-token = Вставьте токен с этим ключом.
window-missing-understanding = Это последняя попытка. Сначала отметьте, что PIN-код точно верный.
window-busy-opening = Открываю ключ…
window-busy-signing = Подписываю…
window-busy-reader = Введите PIN-код на считывателе…
window-waiting =
    { $count ->
        [one] Ещё { $count } запрос ждёт
        [few] Ещё { $count } запроса ждут
       *[many] Ещё { $count } запросов ждут
    }
window-block-site = Заблокировать этот сайт
window-block-domain = Заблокировать { $site } и все его поддомены
window-block-site-in-program = Заблокировать этот сайт в этой программе
window-block-program = Заблокировать эту программу
window-block-unknown-programs = Заблокировать неизвестные программы
window-block-opaque = Заблокировать страницы без адреса
window-block-opaque-in = Заблокировать страницы без адреса в { $program }
window-allow-site = Всегда разрешать этому сайту спрашивать
window-site-allowed = Этому сайту разрешено спрашивать
window-gone = Страница закрыта
window-gone-text = { $who }: запрос снят, ничего не отправлено. Это окно закроется само.
window-gone-text-late = { $who }: страница закрыта, но что-то уже могло быть отправлено. Посмотрите на самом сайте, подписан ли документ. Это окно закроется само.

# Что получится, если это не то, о чём просит большинство сайтов

window-form-xml = Подпись будет вставлена внутрь самого документа XML.
window-form-stamp = Будет добавлена метка времени НУЦ: по сети в НУЦ отправится только хеш подписи, сам документ не отправится.
window-form-raw = Сайт получит само значение подписи, без документа.

# Да или нет о чём-то другом, не о ключе

window-asks-to-read-files =
    { $count ->
        [1] просит прочитать файл на вашем компьютере
        [one] просит прочитать { $count } файл на вашем компьютере
        [few] просит прочитать { $count } файла на вашем компьютере
       *[many] просит прочитать { $count } файлов на вашем компьютере
    }
window-read-files-explained =
    { $count ->
        [1] Tanba откроет этот файл, и сайт может узнать, что в нём написано. Пока ничего не подписывается: об этом спросим отдельно. Если этот файл вам незнаком, нажмите «Не читать».
       *[many] Tanba откроет эти файлы, и сайт может узнать, что в них написано. Пока ничего не подписывается: об этом спросим отдельно. Если эти файлы вам незнакомы, нажмите «Не читать».
    }
window-read-files-details =
    { $count ->
        [1] Какой файл будет прочитан
       *[many] Какие файлы будут прочитаны
    }
window-read-files-yes =
    { $count ->
        [1] Прочитать файл
       *[many] Прочитать файлы
    }
window-read-files-no = Не читать
window-files-always = Разрешить сейчас и всегда: любые ваши файлы, без вопроса
window-asks-to-write-file = просит сохранить файл на вашем компьютере
window-write-file-explained = Tanba сохранит файл в этом месте. Если вы не ждёте здесь файла, нажмите «Не сохранять».
window-write-file-details = Куда будет сохранён файл
window-write-file-yes = Сохранить файл
window-write-file-no = Не сохранять
window-asks-to-fetch = просит скачать документ
window-fetch-explained = Tanba скачает документ с этого адреса. Пока ничего не подписывается: вы увидите документ, и об этом спросим отдельно. Если этот адрес вам незнаком, нажмите «Не скачивать».
window-fetch-details = Адрес документа
window-fetch-yes = Скачать документ
window-fetch-no = Не скачивать
window-asks-to-upload = просит выбрать файл, подписать его и отправить
window-upload-explained = Файл вы выберете сами. Он будет подписан и отправлен целиком на этот адрес. Если этот адрес вам незнаком, нажмите «Не отправлять».
window-upload-details = Адрес, на который уйдёт файл
window-upload-yes = Разрешить отправку
window-upload-no = Не отправлять
window-asks-to-stamp = просит добавить метку времени к подписи
window-stamp-explained = Хеш подписи уйдёт по сети в НУЦ, и НУЦ подтвердит время. Сам документ не отправляется, ключ и пароль не нужны.
window-stamp-details = Чья это подпись
window-stamp-yes = Добавить метку
window-stamp-no = Не добавлять
window-asks-other-site = просит подписать вход на другой сайт
window-other-site-named = Документ открывает вход на сайт:
window-other-site-asks = А просит подписать его:
window-other-site-explained = Так мошенники входят на сайт от вашего имени. Если вы хотели войти, нажмите «Не подписывать», сами откройте тот сайт и начните вход там.
window-other-site-understood = Я знаю, что это вход на другой сайт, и хочу именно этого
window-asks-bare = просит подписать данные, которые нельзя прочитать
window-bare-explained = То, что прислал сайт, показать нельзя. Это может стать вашей подписью под любым документом, даже под тем, которого вы никогда не видели.
window-bare-doubt = Соглашайтесь, только если знаете, зачем этому сайту такая подпись. Если не знаете, нажмите «Не подписывать».

window-asks-certificate-request = просит подписать запрос на сертификат на ваше имя
window-asks-revocation-request = просит подписать заявление об отзыве вашего сертификата
window-key-act-doubt = Соглашайтесь, только если вы сами начали это на сайте НУЦ. Если нет, нажмите «Не подписывать».
window-sign-anyway = Всё равно подписать
window-sign-not = Не подписывать

# Файл, который выбирает человек

window-asks-to-choose-file = просит выбрать файл
window-choose-file-explained = Сайт узнает путь и имя файла, но не то, что в нём написано.
window-choose-document-explained = Сайт не узнает, где лежит файл. Если подпись присоединённая, вместе с ней сайт получит весь файл. Перед подписанием вы увидите документ.
window-choose-file-kind = Сайту нужен файл с расширением
window-choose-file-yes = Выбрать файл…
window-choose-file-no = Не выбирать
window-choose-file-path = Путь к файлу
window-choose-file-take = Выбрать
window-choose-file-title = Выберите файл

# Сообщение

window-tells = Сообщение Tanba об этом запросе

# Новый ключ и сертификат к нему

window-asks-for-new-key = просит создать новый ключ
window-new-key-explained = Ключ останется у вас. Сайт получит только запрос на сертификат: в нём то, что показано выше. Проверьте каждую строку.
window-make-key = Создать ключ
window-asks-to-install = просит установить сертификат для вашего ключа
window-install-explained = Этого сертификата ждёт ваш ключ. После установки им можно подписывать.
window-install = Установить сертификат
window-detail-name = Фамилия и имя
window-detail-surname = Фамилия
window-detail-patronymic = Отчество
window-detail-iin = ИИН
window-detail-organisation = Организация
window-detail-bin = БИН
window-detail-region = Область
window-detail-locality = Населённый пункт
window-detail-email = Эл. почта
window-detail-use = Назначение
window-detail-role = Роль
window-detail-algorithm = Алгоритм
window-detail-until = Действует до
window-detail-issuer = Кем выдан
window-detail-standing = Проверка
window-use-signing = подписывать документы
window-use-login = входить на сайты
window-algorithm-gost512 = ГОСТ 34.310-2015, 512 бит
window-algorithm-rsa2048 = RSA, 2048 бит
window-standing-nca = подпись центра верна, Tanba ему доверяет
window-standing-test = подпись верна, но это тестовый центр
window-standing-unknown = Tanba не знает этого центра
window-install-refused = Сайт передал сертификат для вашего ключа, но он не установлен:
window-install-anyway = Ничего не изменено, ваш ключ по-прежнему ждёт. Сообщите поддержке сайта.
window-place-of-key = Где будет ключ
window-key-that-waits = Ключ, который ждёт сертификата
window-other-place = Другое место…
window-file-moved = Файл в другом месте…
window-new-file = Новый файл: { $file }
window-new-path = Путь к новому файлу ключа
window-choose-place-title = Где создать файл ключа
window-reason-cannot-make = Этот токен не создаёт таких ключей. Выберите файл или другой токен.
window-reason-not-writable = На этот токен нельзя ничего записать. Выберите файл или другой токен.
window-new-password = Новый пароль
window-repeat-password = Тот же пароль ещё раз
window-password-rule = Другие программы, в том числе NCALayer, принимают только пароль от 6 до 32 символов с заглавной и строчной латинскими буквами и цифрой. Забытый пароль восстановить нельзя.
window-missing-new-password = Придумайте пароль для нового файла ключа.
window-missing-repetition = Введите тот же пароль ещё раз.
window-missing-agreement = Пароли не совпадают. Введите их заново.
window-busy-making = Создаётся ключ; это может занять минуту…
window-busy-installing = Устанавливаю сертификат…
