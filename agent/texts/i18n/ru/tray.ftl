### Значок в области уведомлений, его меню и запуск при входе в систему.

tray-ready = Готова: сайты могут просить подпись
tray-waiting =
    { $count ->
        [one] Вашего ответа ждёт { $count } запрос
        [few] Вашего ответа ждут { $count } запроса
       *[many] Вашего ответа ждут { $count } запросов
    }
tray-unreached = Сайты не найдут Tanba: браузеры не доверяют её сертификату
tray-unreached-by-some = Один из браузеров не доверяет сертификату Tanba
tray-key-soon = Срок одного из ваших ключей кончается в ближайшие 30 дней
tray-key-ended = Срок одного из ваших ключей истёк
tray-key-revoked = Один из ваших ключей отозван
tray-paused = Пауза до { $until }: запросы отклоняются
tray-refused =
    { $count ->
        [one] За это время отклонён { $count } запрос
        [few] За это время отклонено { $count } запроса
       *[many] За это время отклонено { $count } запросов
    }
tray-open = Открыть Tanba
tray-check = Проверить
tray-pause = Пауза на час
tray-go-on = Продолжить
tray-quit = Выйти

autostart-why = Чтобы сайты могли просить электронную подпись
autostart-on = Tanba запускается при входе в систему.
autostart-off = Tanba не запускается при входе в систему. Чтобы запускалась: tanba autostart on
autostart-disabled = Запись о Tanba есть, но в списке автозапуска рабочего стола она выключена. Чтобы включить: tanba autostart on
autostart-gone = При входе в систему запускается { $program }, а этой программы больше нет. Чтобы запускалась эта Tanba: tanba autostart on
autostart-elsewhere = При входе в систему запускается другая команда: { $program }. Чтобы запускалась эта Tanba: tanba autostart on
autostart-unreadable = Запись об автозапуске непонятна. Чтобы записать заново: tanba autostart on
autostart-file = Запись: { $file }
autostart-turned-on = Tanba будет запускаться при входе в систему.
autostart-turned-off = Tanba больше не будет запускаться при входе в систему. Запущенная работает дальше.
open-not-started = Запустить Tanba не удалось; что мешает, скажет команда tanba run. Окно всё равно откроется.

quit-done = Tanba остановлена. Запустить снова: tanba open
quit-nobody = Tanba не запущена.
quit-failed = Остановить Tanba не удалось: { $what }
quit-late = она ещё не остановилась
