### journal: ru

# Что было решено и цел ли журнал (tanba journal)

journal-empty = В журнале нет решений ({ $state }). Если они были, журнал удалили вместе с указателем конца или это другая папка данных.
journal-none-fit = Подходящих решений в журнале нет. Последние: tanba journal list
journal-unknown = Решения { $number } в журнале нет. Список: tanba journal list
journal-unreadable = Журнал не читается ({ $what }). Скопируйте папки { $state } и { $data } и уберите файл journal.db: Tanba начнёт новый.
journal-date-wrong = { $date } — не дата. Напишите так: 2026-12-31.
journal-not-written = Файл { $path } записать не удалось ({ $what }). Проверьте, что папка существует, на диске есть место и в неё можно писать.
journal-exists = Файл { $path } уже есть. Укажите другой или добавьте --force.
journal-exported = { $count ->
    [one] Записано { $count } решение в { $path }. По нему видно, какими сайтами вы пользуетесь и что подписали: не показывайте файл посторонним.
    [few] Записано { $count } решения в { $path }. По ним видно, какими сайтами вы пользуетесь и что подписали: не показывайте файл посторонним.
   *[other] Записано { $count } решений в { $path }. По ним видно, какими сайтами вы пользуетесь и что подписали: не показывайте файл посторонним.
}

journal-line = { $number } · { $at } · { $site } · { $program } · { $what } · { $result }
journal-line-signed = { $number } · { $at } · { $site } · { $program } · { $what } · { $result } · { $signer }
journal-line-own = { $number } · { $at } · { $result }
journal-site-opaque = страница без адреса
journal-site-none = без сайта
journal-program-unknown = неизвестная программа

journal-result-signed = подписано
journal-result-key-shown = сертификат показан сайту
journal-result-stamped = добавлена метка времени
journal-result-file-chosen = выбран файл
journal-result-saved = файл сохранён
journal-result-verified = подпись проверена
journal-result-digest = вычислен хеш
journal-result-told = показано сообщение
journal-result-requested = запрошен сертификат
journal-result-imported = сертификат установлен
journal-result-cancelled = отменено
journal-result-withdrawn = страница закрылась
journal-result-blocked = сайт заблокирован, вопроса не было
journal-result-paused = пауза, вопроса не было
journal-result-path-refused = настройки не дают сайту называть файлы, вопроса не было
journal-result-failed = не удалось ({ $code })
journal-result-purged = прежние решения удалены владельцем
journal-result-head-lost = указатель конца журнала был утрачен

journal-show-number = Решение: { $value }
journal-show-at = Время: { $value }
journal-show-site = Сайт: { $value }
journal-show-program = Программа: { $value }
journal-show-what = Вызов: { $value }
journal-show-result = Итог: { $value }
journal-show-signer = Владелец ключа: { $value }
journal-show-certificate = Сертификат, SHA-256: { $value }
journal-show-document = Документ, SHA-256: { $value }
journal-show-elsewhere = Документ: при запросе его содержание было неизвестно
journal-show-digest = Хеш, присланный сайтом; его SHA-256: { $value }
journal-show-hash = Хеш этой записи: { $value }

journal-check-whole = { $count ->
    [one] Журнал цел: { $count } запись, такая, какой её сделала Tanba.
    [few] Журнал цел: { $count } записи, все такие, какими их сделала Tanba.
   *[other] Журнал цел: { $count } записей, все такие, какими их сделала Tanba.
}
journal-check-broken = { $count ->
    [one] Журнал НЕ цел. В нём { $count } запись. Если это сделали не вы, сохраните копии папок { $state } и { $data } и проверьте компьютер.
    [few] Журнал НЕ цел. В нём { $count } записи. Если это сделали не вы, сохраните копии папок { $state } и { $data } и проверьте компьютер.
   *[other] Журнал НЕ цел. В нём { $count } записей. Если это сделали не вы, сохраните копии папок { $state } и { $data } и проверьте компьютер.
}
journal-check-untold = { $count ->
    [one] И ещё { $count } нарушение.
    [few] И ещё { $count } нарушения.
   *[other] И ещё { $count } нарушений.
}
journal-check-not-proven =
    Чего эта проверка не доказывает: программа, запущенная от вашего имени, может написать целиком новый журнал вместе с указателем его конца, и никакая проверка этого не заметит. Решения, принятые, когда журнал нельзя было записать (например, диск был полон), есть только в том, что tanba run вывела в терминал.
journal-found-missing-one = Нет записи { $number }.
journal-found-missing = Нет записей с { $from } по { $to }.
journal-found-edited = Запись { $number } не такая, какой её сделала Tanba: изменили или подставили её саму либо предыдущую.
journal-found-tail-cut = Конец отрезан: последняя запись — { $last }, а Tanba дошла до { $head }.
journal-found-head-differs = Запись { $number } — не та, которую Tanba сделала последней.
journal-found-head-missing = Файла journal.head нет, или он не читается: не отрезан ли конец, узнать нельзя.
journal-found-head-was-lost = Перед записью { $number } указатель конца журнала был утрачен: то, что тогда стояло в конце, могли отрезать.
journal-found-head-behind = Tanba дошла до записи { $head }, а в журнале есть записи до { $last }: их добавил кто-то другой или вернули старый файл journal.head.
journal-found-interrupted = Tanba остановили, когда она делала запись { $last }. Запись цела, это не нарушение.
journal-found-purged = Владелец удалил записи по { $through } включительно. Это не нарушение.

journal-purge-nothing = Удалять нечего.
journal-purge-ask = { $count ->
    [one] Будет безвозвратно удалено { $count } решение; в журнале останется, что его удалили. Чтобы продолжить, напишите «да» или «yes»:
    [few] Будут безвозвратно удалены { $count } решения; в журнале останется, что их удалили. Чтобы продолжить, напишите «да» или «yes»:
   *[other] Будет безвозвратно удалено { $count } решений; в журнале останется, что их удалили. Чтобы продолжить, напишите «да» или «yes»:
}
journal-purge-yes = да
journal-purge-left = Ничего не удалено.
journal-purge-needs-yes = { $count ->
    [one] Было бы удалено { $count } решение, а клавиатуры, чтобы спросить, нет. В скриптах добавьте --yes.
    [few] Были бы удалены { $count } решения, а клавиатуры, чтобы спросить, нет. В скриптах добавьте --yes.
   *[other] Было бы удалено { $count } решений, а клавиатуры, чтобы спросить, нет. В скриптах добавьте --yes.
}
journal-purge-broken = Журнал не цел, и следы этого могут исчезнуть вместе с записями. Чтобы сохранить их, сначала скопируйте папки { $state } и { $data }.
journal-purged = { $count ->
    [one] Удалено { $count } решение.
    [few] Удалены { $count } решения.
   *[other] Удалено { $count } решений.
}
journal-purge-not-yet = Их текст ещё не исчез из файла ({ $what }). Закройте всё, что читает журнал, и повторите ту же команду.
