### window: ru
