### cli: kk
