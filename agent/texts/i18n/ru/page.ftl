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
page-attention = Сайты могут просить вас о подписи. Обратите внимание: { $names }
page-attention-next = Что делать, написано у этих строк.
page-fault = Подписывать пока не получится: { $names }
page-fault-next = Что делать, написано у этих строк.
page-signed = Всё работает: пробный файл подписан, подпись проверена
page-signed-next = Если сайт всё равно не даёт подписать, прочитайте эту фразу его службе поддержки и отправьте ей отчёт, который ниже.
page-no-script = Tanba запущена
page-no-script-next = Больше эта страница ничего проверить не может: в браузере выключен JavaScript, или браузер слишком старый. Включите JavaScript в настройках браузера или откройте эту страницу в новом Chrome или Firefox. Порталам это тоже нужно.
page-version = Версия
page-address = Адрес

page-refused-malformed = Tanba не понимает такой запрос.
page-refused-too-large = Запрос слишком велик. Удалите файлы cookie адреса этого компьютера и попробуйте ещё раз.
page-refused-host = Этот адрес ведёт к программе на вашем компьютере, но под чужим именем. Откройте 127.0.0.1:{ $port }.
page-refused-method = Страницу Tanba можно только смотреть.
page-refused-not-found = У Tanba одна страница: /
page-refused-version = Эта версия WebSocket не поддерживается.
page-refused-another-user = Эта Tanba запущена другим пользователем этого компьютера. Попросите его закрыть её или выйдите там из системы, затем запустите свою.
page-refused-unknown-user = Система не сообщает, какой пользователь обращается, поэтому Tanba не отвечает.
