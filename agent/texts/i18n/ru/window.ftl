### Окно подписи

window-title = Tanba
window-test = ТЕСТ
window-test-banner = ТЕСТ. Тестовая среда: подписи не имеют юридической силы.

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
window-via = через { $program }
window-this-computer = страница этого компьютера
window-foreign-letters = в адресе не только латинские буквы
window-who-unknown = Неизвестная программа
window-who-opaque = Страница без адреса
window-who-program = Программа «{ $program }»
window-who-extension = Расширение браузера { $id }
window-alarm-insecure = Соединение с этим сайтом не защищено: страницу и документ могли подменить по дороге. Если вы не ждали запроса, нажмите «Отмена».
window-alarm-opaque = Браузер не называет сайт, с которого пришёл запрос. Если вы не ждали его, нажмите «Отмена».
window-alarm-no-page = Это не страница в браузере, и проверить, кто спрашивает, нельзя. Если вы сами ничего не запускали, нажмите «Отмена».
window-alarm-program-untold = Не удалось узнать, какая программа спрашивает. Адрес сайта может быть поддельным. Если вы не ждали запроса, нажмите «Отмена».
window-alarm-unknown-program = Tanba не знает такого браузера. Если вы сами не запускали эту программу, нажмите «Отмена».
window-alarm-unknown-program-claims = Эта программа говорит, что запрос пришёл с { $site }, но Tanba не знает такого браузера и не может это проверить. Если вы не ждали запроса, нажмите «Отмена».
window-warning-digest-only = Сайт не показал сам документ и прислал только его хеш. Это может быть хеш чего угодно: подписывайте, только если доверяете сайту.
window-warning-digest-length = Сайт прислал хеш неверной длины ({ $octets } вместо { $expected }, в байтах). Подписать можно, но проверить такую подпись никто не сможет.

# Документы

window-documents =
    { $count ->
        [one] { $count } документ
        [few] { $count } документа
       *[many] { $count } документов
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
window-no-keys = Ключей пока нет. Выберите файл ключа: его имя обычно начинается с GOST512 и кончается на .p12.
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
window-reason-issuer = Этот ключ выдал не НУЦ Казахстана. Выберите другой файл.
window-reason-test = Тестовый ключ: годится только в тестовой среде.
window-reason-storage = Сайту нужен ключ на другом носителе.
window-reason-algorithm = Такими ключами Tanba не подписывает. Выберите другой файл.
window-reason-missing = Файла нет на прежнем месте. Выберите другой файл.
window-reason-unreadable = Файл не читается, или это не файл ключа. Выберите другой файл.

# Пароль

window-password = Пароль
window-password-given = Пароль принят, вводить его ещё раз не нужно.
window-show-password = Показать пароль
window-hide-password = Скрыть пароль
window-layout = Раскладка { $layout }
window-hint-caps-lock = Включён Caps Lock.
window-hint-cyrillic = В пароле есть кириллица. Если он из латинских букв, переключите раскладку.

# Решение

window-sign = Подписать
window-show-key = Показать ключ
window-open-key = Открыть ключ
window-cancel = Отмена
window-close = Закрыть
window-missing-key = Выберите ключ.
window-missing-password = Введите пароль ключа.
window-busy-opening = Открываю ключ…
window-busy-signing = Подписываю…
window-waiting =
    { $count ->
        [one] Ещё { $count } запрос ждёт
        [few] Ещё { $count } запроса ждут
       *[many] Ещё { $count } запросов ждут
    }
window-block-site = Больше не принимать запросы этого сайта
window-allow-site = Всегда разрешать этому сайту спрашивать
window-site-allowed = Этому сайту разрешено спрашивать
window-gone = Страница закрыта
window-gone-text = Запрос снят, ничего не отправлено. Это окно закроется само.
