### window: en
