#!/usr/bin/perl
# A registrar of Net::SIP's own parts on a free port of the loopback, until it is killed.
# Writes "port N" when it listens. Accounts: alice / secret and bob / secret2 in test.local.
use strict;
use warnings;
use IO::Socket::INET;
use Net::SIP;

my $socket = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1', LocalPort => 0)
  or die "no socket on the loopback: $!\n";
my $loop = Net::SIP::Dispatcher::Eventloop->new;
my $leg = Net::SIP::Leg->new(sock => $socket);
my $dispatcher = Net::SIP::Dispatcher->new([$leg], $loop, do_retransmits => 0);

# The realm is looked for in the credentials before anything else is.
my $authorize = Net::SIP::Authorize->new(
  dispatcher => $dispatcher,
  realm => 'test.local',
  user2pass => { alice => 'secret', bob => 'secret2' },
);
my $registrar = Net::SIP::Registrar->new(dispatcher => $dispatcher, domain => 'test.local');
my $chain = Net::SIP::ReceiveChain->new([$authorize, $registrar], methods => ['REGISTER']);
$dispatcher->set_receiver($chain);

$| = 1;
printf "port %d\n", $socket->sockport;
$loop->loop;
