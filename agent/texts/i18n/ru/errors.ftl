### errors: ru
