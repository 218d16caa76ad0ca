### The local page, and the sentences for those who are refused at the door.

page-title = Tanba
page-language-name = Русский
page-language = Язык
page-checking = Проверяем связь…
page-ready = Tanba готова к работе
page-ready-next = Сайты могут просить вас о подписи. Возвращайтесь на сайт; эту страницу можно закрыть.
page-untrusted = Почти готово
page-untrusted-next = Tanba отвечает, но этот браузер ещё не доверяет её локальному сертификату. Выполните в терминале эту команду и перезапустите браузер:
page-unreachable = Tanba не отвечает
page-unreachable-next = Обновите страницу. Если это не поможет, запустите Tanba заново. Помешать может и программа, которая проверяет защищённые соединения, например антивирус.
page-no-script = Tanba запущена. Проверить, достают ли до неё сайты, можно только с включённым JavaScript.
page-version = Версия
page-address = Адрес

page-refused-malformed = Tanba не понимает такой запрос.
page-refused-too-large = Запрос слишком велик. Удалите файлы cookie адреса этого компьютера и попробуйте ещё раз.
page-refused-host = Этот адрес ведёт к программе на вашем компьютере, но под чужим именем. Откройте 127.0.0.1:{ $port }.
page-refused-method = Страницу Tanba можно только смотреть.
page-refused-not-found = У Tanba одна страница: /
page-refused-version = Эта версия WebSocket не поддерживается.
page-refused-another-user = Эта Tanba запущена другим пользователем этого компьютера. Запустите свою на другом порту.
page-refused-unknown-user = Система не сообщает, какой пользователь обращается, поэтому Tanba не отвечает.
