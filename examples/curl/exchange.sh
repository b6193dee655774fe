#!/usr/bin/env bash
# Sends and receives documents through Trúc's API with curl and jq.
#
#   exchange.sh send FILE.edxml            hands a document in; prints its id
#   exchange.sh upload FILE.edxml          the same for a large one: run again, it goes on where it broke off
#   exchange.sh inbox [SECONDS]            waits for documents; prints: delivery document code
#   exchange.sh receive DELIVERY FILE      stores the file, acknowledges it, reports 03 (accepted)
#   exchange.sh trace DOCUMENT             prints where it is: recipient state status
#
# Environment: TRUC_URL (https://truc.example.vn), TRUC_SYSTEM (00.11.W00) and TRUC_SECRET_FILE, the
# file with the client secret that the operator issued.
set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

# call METHOD PATH [CURL-OPTION]...: prints the answer's body. An error is problem+json (RFC 9457):
# `reason` for programs, the detail for people.
call() {
  local method=$1 path=$2 status attempt
  shift 2
  for attempt in 1 2 3 4 5; do
    status=$(curl -sS -X "$method" "$TRUC_URL$path" -o "$directory/body" -D "$directory/head" -w '%{http_code}' "$@") ||
      status=000
    case $status in
      2*) cat "$directory/body"; return ;;
      # Too many calls, a full disk, or no answer at all: the same call again, after a while.
      000 | 429 | 503) sleep "$(sed -n 's/^Retry-After: *\([0-9]*\).*/\1/Ip' "$directory/head" 2>/dev/null | grep . || echo "$attempt")" ;;
      *) break ;;
    esac
  done
  jq -r '"\(.status) \(.reason): \(.detail_vi) / \(.detail_en)"' "$directory/body" >&2 ||
    echo "no answer from $TRUC_URL" >&2
  return 1
}

# A token holds for an hour (expires_in); a program that runs longer asks again before that. curl
# reads the credentials from a file, since others on this machine can read a command line.
printf 'user = "%s:%s"\n' "$TRUC_SYSTEM" "$(cat "$TRUC_SECRET_FILE")" >"$directory/credentials"
curl -sS "$TRUC_URL/oauth/token" --config "$directory/credentials" -d grant_type=client_credentials >"$directory/token"
token=$(jq -r '.access_token // empty' "$directory/token")
if [ -z "$token" ]; then
  jq -r '"\(.error): \(.error_description_vi) / \(.error_description)"' "$directory/token" >&2
  exit 1
fi
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$directory/bearer"
api=(--config "$directory/bearer")

case ${1:-} in
  send)
    # The key makes repeating safe: whatever happened to the first answer, there is one document.
    call POST /api/v1/submissions "${api[@]}" -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
      -H 'Content-Type: application/edxml+xml' --data-binary "@$2" >"$directory/sent"
    jq -r '.unknown[] | "nobody has the code \(.)"' "$directory/sent" >&2
    jq -r .id "$directory/sent"
    ;;
  upload)
    # By the tus protocol: https://tus.io/protocols/resumable-upload. FILE.upload remembers the address.
    size=$(stat -c %s "$2")
    tus=("${api[@]}" -H 'Tus-Resumable: 1.0.0')
    if [ ! -s "$2.upload" ]; then
      curl -sS --fail -X POST "$TRUC_URL/api/v1/uploads" "${tus[@]}" -H "Upload-Length: $size" -D "$directory/begun" -o /dev/null
      sed -n 's/^Location: *\(.*\)\r$/\1/Ip' "$directory/begun" >"$2.upload"
    fi
    address=$TRUC_URL$(cat "$2.upload")
    # How far it is, and the rest from there, until it is all there.
    for attempt in 1 2 3 4 5; do
      offset=$(curl -sS -I "$address" "${tus[@]}" | sed -n 's/^Upload-Offset: *\([0-9]*\).*/\1/Ip')
      if [ -z "$offset" ]; then # it has expired
        rm "$2.upload"
        echo "the upload is gone; run this again" >&2
        exit 1
      fi
      [ "$offset" -lt "$size" ] || break
      tail -c "+$((offset + 1))" "$2" |
        curl -sS -X PATCH "$address" "${tus[@]}" -H "Upload-Offset: $offset" -H 'Expect:' \
          -H 'Content-Type: application/offset+octet-stream' -T - -o /dev/null || sleep "$attempt"
    done
    call POST /api/v1/submissions "${api[@]}" -H "Idempotency-Key: ${address##*/}" -H 'Content-Type: application/json' \
      -d "{\"upload\": \"${address##*/}\"}" >"$directory/sent"
    rm "$2.upload"
    jq -r '.unknown[] | "nobody has the code \(.)"' "$directory/sent" >&2
    jq -r .id "$directory/sent"
    ;;
  inbox)
    # Urgent first, then the oldest. An item stays until it is acknowledged.
    end=$((SECONDS + ${2:-0}))
    while :; do
      call GET /api/v1/deliveries "${api[@]}" >"$directory/inbox"
      [ "$(jq '.items | length' "$directory/inbox")" -eq 0 ] && [ $SECONDS -lt $end ] || break
      sleep 1
    done
    # The next page is at `next`, as long as there is one.
    while :; do
      jq -r '.items[] | "\(.id) \(.document) \(.code)"' "$directory/inbox"
      next=$(jq -r '.next // empty' "$directory/inbox")
      [ -n "$next" ] || break
      call GET "$next" "${api[@]}" >"$directory/page"
      mv "$directory/page" "$directory/inbox"
    done
    ;;
  receive)
    document=$(call GET "/api/v1/deliveries/$2" "${api[@]}" | jq -r .document)
    call GET "/api/v1/documents/$document/content" "${api[@]}" >"$3"
    sync "$3" # stored first, acknowledged then: what is acknowledged leaves the inbox
    call POST "/api/v1/deliveries/$2/acknowledgement" "${api[@]}" -H 'Content-Type: application/json' \
      -d '{"result": "done"}' >/dev/null
    call POST "/api/v1/deliveries/$2/status" "${api[@]}" -H 'Content-Type: application/json' -d '{"code": "03"}' |
      jq -r '"\(.state) \(.status.code)"'
    ;;
  trace)
    call GET "/api/v1/documents/$2/deliveries" "${api[@]}" |
      jq -r '.items[] | "\(.recipient.code) \(.state) \(.status.code // "-")"'
    ;;
  *)
    sed -n '4,8s/^# *//p' "$0" >&2
    exit 2
    ;;
esac
