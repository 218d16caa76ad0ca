### main: ru

# Главное окно (tanba open)

main-title = Tanba
main-parts = Разделы
main-keys = Ключи
main-files = Файлы
main-journal = Журнал
main-sites = Сайты
main-settings = Настройки
main-failed = Главное окно открыть не удалось ({ $what }).
main-reading = Читаем…
main-undo = Вернуть
main-gone = Этого в списке больше нет. Список уже обновлён.
main-not-written = Записать файл не удалось ({ $what }).
main-other-window = Открыто другое окно Tanba. Закончите в нём и нажмите ещё раз.
main-in-other-window = Продолжите в открывшемся окне.

main-fact-file = Файл
main-fact-token = Токен
main-fact-reader = Считыватель
main-fact-library = Библиотека
main-fact-name = Владелец
main-fact-iin = ИИН
main-fact-organisation = Организация
main-fact-bin = БИН
main-fact-valid = Действует
main-fact-serial = Серийный номер
main-fact-issuer = Кем выдан
main-fact-number = Номер записи
main-fact-result = Итог
main-fact-call = Запрос сайта
main-fact-program = Программа
main-fact-signer = Владелец ключа
main-fact-certificate = Сертификат, SHA-256
main-fact-documents = Документы, SHA-256
main-fact-site = Весь сайт
main-fact-since = С какого дня

main-keys-explained = Ключи из файлов, которыми вы пользовались или которые добавили, и с подключённых токенов.
main-keys-none = Ключей пока нет. Добавьте файл ключа или перетащите его в это окно; ключи на токене появятся, когда вы его подключите.
main-keys-add = Добавить файл ключа…
main-keys-added = { $file } есть в списке ключей.
main-keys-read = Узнать, чей это ключ…
main-keys-password = Сменить пароль…
main-keys-backup = Сделать резервную копию…
main-keys-modernise = Сделать файл с современной защитой…
main-keys-request = Запросить сертификат…
main-keys-import = Установить сертификат…
main-keys-lost = Ключ потерян…
main-keys-export = Сохранить сертификат в файл
main-keys-forget = Убрать из списка
main-keys-exported = Сертификат сохранён: { $file }. В нём нет секрета, его можно давать другим.
main-forgotten = { $file } убран из списка. Сам файл остался на месте.
main-remembered = { $file } снова в списке.
main-keys-unread = Чей это ключ, станет известно, когда его откроют паролем.
main-keys-file-missing = Файла на месте нет. Если он на флешке, вставьте её; если его перенесли, выберите его в окне подписи.
main-keys-no-token = не работает
main-keys-days =
    { $days ->
        [0] последний день
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    }
main-keys-expired = истёк
main-keys-expired-next = Срок истёк, подписать им нельзя. Новый ключ получают на egov.kz или pki.gov.kz.
main-keys-not-yet = ещё не действует
main-keys-blocked = заблокирован
main-keys-blocked-since = Вы заблокировали этот ключ ({ $since }). Разблокировать: tanba keys unblock { $serial }
main-keys-ends-soon = Срок скоро истекает. Пока ключ действует, получите новый в личном кабинете на pki.gov.kz («Перевыпуск ключей ЭЦП»).
main-keys-test = Тестовый ключ: настоящих документов им не подписать.

main-files-explained = Перетащите файл в это окно, чтобы подписать его или проверить подпись.
main-files-none = Файлов пока нет. Перетащите файл сюда или нажмите «Выбрать файл…».
main-files-choose = Выбрать файл…
main-files-no-chooser = На этом компьютере нечем выбрать файл. Перетащите его в это окно.
main-files-sign = Подписать…
main-files-verify = Проверить подпись
main-files-away = Убрать из списка
main-files-verifying = Проверяем { $file }…
main-files-stopped = Проверка остановлена.
main-files-more = Здесь поместилось не всё. Полностью: tanba verify ФАЙЛ
main-files-signed = подписан
main-files-good = подпись верна
main-files-bad = не подтверждено
own-asks-sign = подписываете файл
own-sign-done = подписали файл
own-sign-file = Файл с подписью: документ внутри него
own-sign-next = Передайте получателю файл, который назван ниже. Исходный документ не изменился.

main-journal-explained = Что вы подписали и показали по просьбе сайтов и когда. Сами документы Tanba не хранит; файлы, которые вы подписали здесь сами, сюда не попадают.
main-journal-search = Найти
main-journal-check = Проверить, цел ли журнал
main-journal-none = Решений пока нет.
main-journal-none-fit = Ничего не нашлось.
main-journal-failed = не удалось

main-sites-explained = Сайты, которым вы отвечали. Забытый сайт спросит снова, как в первый раз.
main-sites-none = Ни одному сайту вы ещё не отвечали.
main-sites-seen = вы отвечали
main-sites-allowed = можно спрашивать
main-sites-blocked = заблокирован
main-sites-blocked-note = Этот сайт вас не спрашивает. Чтобы он снова мог просить подпись, забудьте его.
main-sites-paths = Этому сайту разрешено читать и сохранять ваши файлы без вопроса.
main-sites-forget = Забыть этот сайт

main-check = Проверка
main-check-explained = Что может мешать подписи: связь с сайтами, браузеры, часы, службы НУЦ, токены, ключи.
main-check-again = Проверить снова
main-check-report = Сохранить отчёт
main-check-looking = Проверяем. Это займёт до 30 секунд…
main-check-mending = Исправляем…
main-check-mend = Исправить
main-check-reported = Отчёт сохранён: { $file }. Имён, номеров и ваших папок в нём нет, его можно отправить в поддержку.
main-check-good = в порядке
main-check-unknown = неизвестно
main-check-warning = внимание
main-check-bad = мешает

main-settings-explained = Меняйте только то, что понимаете: обычно здесь ничего менять не нужно.
main-settings-locked = Так задал администратор этого компьютера; изменить может только он.
main-settings-at-start = Подействует, когда Tanba запустят снова.
main-settings-expected = Допустимо: { $expected }
main-settings-on = да
main-settings-off = нет
main-settings-kk = Қазақша
main-settings-ru = Русский
main-settings-en = English
main-settings-ask = спрашивать меня
main-settings-listed = только сайты из списка
main-settings-never = никогда
main-settings-set = Сохранить
main-settings-reset = Вернуть по умолчанию
main-settings-saved = Сохранено.
main-settings-saved-at-start = Сохранено. Подействует, когда Tanba запустят снова.
main-settings-not-allowed = «{ $value }» не подходит. Допустимо: { $expected }

main-about = О программе
main-about-explained = Что это за программа, где лежат её файлы и что она записывает о своей работе.
main-about-program = Подпись ЭЦП Казахстана на этом компьютере
main-about-licence = Свободная программа: исходный текст открыт, лицензия Apache 2.0 или MIT на ваш выбор.
main-about-others = Это не программа НУЦ. Окна сделаны на Slint.
main-about-folders = Папки
main-about-folders-what = Настройки, список ключей, журнал и записи о работе
main-about-config = Настройки
main-about-data = Данные и журнал
main-about-state = Состояние и журнал работы
main-log = Журнал работы
main-log-what = Что Tanba делала для сайтов и что не получилось; без документов и паролей
main-log-none = Журнал работы пуст. Он начнётся, когда Tanba станет отвечать сайтам.
main-log-all = Всё
main-log-grave = Только то, что не получилось
main-log-read = Прочитать заново
main-log-save = Сохранить в файл
