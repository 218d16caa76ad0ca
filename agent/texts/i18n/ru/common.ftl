### common: ru
