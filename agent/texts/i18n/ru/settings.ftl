# Настройки (tanba settings)

settings-next =
    Изменить: tanba settings set НАСТРОЙКА ЗНАЧЕНИЕ
    Вернуть значение по умолчанию: tanba settings reset НАСТРОЙКА
settings-line-default = { $key } = { $value }
    {"    "}{ $what }
settings-line-own = { $key } = { $value } · задано вами
    {"    "}{ $what }
settings-line-administrator = { $key } = { $value } · задано администратором
    {"    "}{ $what }
settings-set = { $key } = { $value }
settings-reset = { $key } = { $value } (значение по умолчанию)
settings-at-start = Подействует после перезапуска: остановите tanba run (Ctrl+C) и запустите снова.
settings-empty = (пусто)
settings-system = (как в системе)
settings-locked = Настройку { $key } задал администратор этого компьютера ({ $file }). Изменить её может только он.
settings-not-allowed = { $key } не может быть «{ $value }». Подходит: { $expected }
settings-unknown = Настройки { $key } нет. Список: tanba settings list
settings-link = Ваш файл настроек { $file } — ссылка, а то, на что она ведёт, не записывается: { $what }. Пусть она ведёт на файл, который можете менять только вы, или положите сюда сам файл.
settings-value = Значение { $key } (на экране его не видно):{" "}
settings-no-value = На стандартном вводе нет значения для { $key }.
settings-password-seen = Пароль из этого значения стоял в командной строке: там и в истории команд его могут прочесть другие программы. Лучше так: tanba settings set { $key } -
settings-administrators-file = Файл администратора: { $file }

run-settings-administrator-broken = Файл настроек администратора { $file } не годится. Сообщите об этом администратору ({ $what }).
run-settings-administrator-untrusted = Файл настроек администратора не используется. Изменять его и папки над ним должен только администратор (root); сообщите ему ({ $what }).

setting-language = Язык окон, страниц и сообщений
setting-port = Порт, на котором Tanba ждёт сайты; сайты ищут только 13579
setting-test-environment = Принимать тестовые сертификаты НУЦ; во всех окнах тогда написано ТЕСТ
setting-tray = Показывать состояние Tanba значком в области уведомлений
setting-limits-frame-mebibytes = Самое большое сообщение сайта, МиБ
setting-limits-waiting-requests = Сколько запросов может ждать за открытым окном
setting-limits-connections = Сколько соединений может быть открыто сразу
setting-limits-memory-mebibytes = Сколько памяти могут занять все сообщения вместе, МиБ; не меньше трёх самых больших и ещё 64
setting-signer-idle-seconds = Сколько секунд программа подписи ждёт следующего запроса, когда страниц не осталось
setting-services-proxy = Прокси для служб НУЦ: как в системе (system), без прокси (none) или адрес
setting-services-tsp = Откуда берутся метки времени
setting-services-ocsp = Кого спрашивать, не отозван ли сертификат; пусто — кого называет сам сертификат, если это НУЦ
setting-services-also = Какие узлы, кроме НУЦ, может называть сертификат (свой центр организации)
setting-services-timeout-seconds = Сколько секунд ждать ответа службы
setting-services-check-before-signing = Перед подписанием спрашивать, не отозван ли сертификат; нет ответа — не помеха
setting-notifications-expiry = Предупреждать за 30, 14, 7 и 1 день до конца срока ключа и когда ключ отозван
setting-updates-file = Подписанный файл, где написано, какая версия новейшая: адрес или путь; пусто — никого не спрашивать
setting-updates-signer = Чьей подписи под этим файлом верить: SHA-256 сертификата
setting-legacy-file-paths = Могут ли сайты просить файлы этого компьютера по пути, как делают старые сайты
setting-legacy-sites = Каким сайтам это можно, если только из списка: имя узла или точный адрес
