package mailboxtest

// configuration is that of a Dovecot 2.3 that runs without root, as one account, within one directory.
const configuration = `base_dir = @DIR@/run
state_dir = @DIR@/state
instance_name = guichet-test
log_path = @DIR@/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = @USER@
default_internal_group = @GROUP@
default_login_user = @USER@
first_valid_uid = 0
first_valid_gid = 0
ssl = yes
ssl_cert = <@DIR@/cert.pem
ssl_key = <@DIR@/key.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/maildir
mail_fsync = never
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u @DIR@/users
}
userdb {
  driver = passwd-file
  args = username_format=%u @DIR@/users
}
namespace inbox {
  inbox = yes
  separator = /
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  chroot =
  process_min_avail = 0
  inet_listener imap {
    address = 127.0.0.1
    port = @PORT@
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = @TLSPORT@
    ssl = yes
  }
}
service imap {
  process_limit = 32
}
service stats {
  chroot =
}
protocol imap {
  mail_max_userip_connections = 50
}
`
