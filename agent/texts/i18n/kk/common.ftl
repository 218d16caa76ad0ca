### common: kk
