#!/bin/sh
# A printer for tests, as CUPS runs one: job, user, title, copies, options, file.
# Mode 0700, so that CUPS runs it as root, which may write beside it.
[ $# = 0 ] && { echo 'direct test "Unknown" "A printer for tests"'; exit 0; }
folder=$(dirname "$0")/../../printed
case $DEVICE_URI in
test:/wait) # until the test opens the other end of the gate
	read -r _ < "$folder/gate" ;;
test:/fail) # CUPS_BACKEND_FAILED: the queue's policy decides
	cat "${6:--}" > /dev/null
	echo 'ERROR: The paper is on fire' >&2
	exit 1 ;;
test:/jam) # CUPS_BACKEND_STOP: the queue stops
	cat "${6:--}" > /dev/null
	echo 'ERROR: Paper jam' >&2
	exit 4 ;;
esac
printf '%s' "$3" > "$folder/$1.title"
printf '%s' "$5" > "$folder/$1.options"
cat "${6:--}" > "$folder/$1.part" && mv "$folder/$1.part" "$folder/$1.pdf"
