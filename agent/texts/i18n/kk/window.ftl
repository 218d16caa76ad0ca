### window: kk
