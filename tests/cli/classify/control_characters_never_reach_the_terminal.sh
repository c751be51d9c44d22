printf '550 \033[31mred\007\n' | mxtrend classify | tr -cd '\033\007' | wc -c
