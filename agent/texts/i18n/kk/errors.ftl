### errors: kk
