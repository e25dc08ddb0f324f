// Messages of servers and of IMS as they write them, values invented, with
// all that lint says of them: a line too many here is a false alarm.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/lint_told.hpp"

namespace sipauth {
namespace {

class ServerExchangeTest : public testing::TestWithParam<ToldCase> {};

TEST_P(ServerExchangeTest, IsToldWhatItBreaksAndNothingElse) {
  EXPECT_EQ(told_of(with_crlf(GetParam().text)), GetParam().told);
}

TEST_P(ServerExchangeTest, LineFeedsAloneAndMarksOfAMailChangeNothing) {
  EXPECT_EQ(told_of(GetParam().text), GetParam().told);
  EXPECT_EQ(told_of(quoted_in_a_mail(GetParam().text)), GetParam().told);
}

const std::vector<ToldCase> messages_of_servers{
    {"AsteriskChanSip", R"(REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK6f0d1c2b;rport
Max-Forwards: 70
From: <sip:2001@pbx.example.net>;tag=as2c3d4e5f
To: <sip:2001@pbx.example.net>
Call-ID: 3c4d5e6f708192a3b4c5d6e7f8091a2b@192.0.2.21
CSeq: 102 REGISTER
User-Agent: Asterisk PBX 16.2.1~dfsg-1+deb10u2
Expires: 120
Contact: <sip:s@192.0.2.21:5060>
Content-Length: 0

SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK6f0d1c2b;received=192.0.2.21;rport=5060
From: <sip:2001@pbx.example.net>;tag=as2c3d4e5f
To: <sip:2001@pbx.example.net>;tag=as77aa88bb
Call-ID: 3c4d5e6f708192a3b4c5d6e7f8091a2b@192.0.2.21
CSeq: 102 REGISTER
Server: Asterisk PBX 13.38.3
Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, MESSAGE
Supported: replaces, timer
WWW-Authenticate: Digest algorithm=MD5, realm="asterisk", nonce="5e6f7081"
Content-Length: 0

REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bK12ab34cd;rport
Max-Forwards: 70
From: <sip:2001@pbx.example.net>;tag=as2c3d4e5f
To: <sip:2001@pbx.example.net>
Call-ID: 3c4d5e6f708192a3b4c5d6e7f8091a2b@192.0.2.21
CSeq: 103 REGISTER
User-Agent: Asterisk PBX 16.2.1~dfsg-1+deb10u2
Authorization: Digest username="2001", realm="asterisk", algorithm=MD5, uri="sip:pbx.example.net", nonce="5e6f7081", response="0badc0de0badc0de0badc0de0badc0de"
Expires: 120
Contact: <sip:s@192.0.2.21:5060>
Content-Length: 0

)",
     "missing-qop short-nonce default-realm md5-only"},
    {"AsteriskPjsip", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 192.0.2.40:5060;rport=5060;received=192.0.2.40;branch=z9hG4bKPjWq1sB0m2lA9tYc8vZ
Call-ID: Kz8.pQ2-rT5vX7yB9dF1hJ3lN5
From: <sip:6001@pbx.example.net>;tag=aB1cD2eF3gH4iJ5kL6mN7oP8
To: <sip:6001@pbx.example.net>;tag=z9hG4bKPjWq1sB0m2lA9tYc8vZ
CSeq: 38214 REGISTER
WWW-Authenticate: Digest realm="asterisk",nonce="1764504123/5d1f0c3a9b77e2864fa0b1c2d3e4f506",opaque="3f4e5d6c7b8a9901",algorithm=MD5,qop="auth"
Server: Asterisk PBX 20.5.2
Content-Length:  0

)",
     "default-realm md5-only"},
    {"AsteriskPjsip22TwoAlgorithms", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/TLS 192.0.2.40:36112;rport=36112;received=192.0.2.40;branch=z9hG4bKPj4kR
Call-ID: 0f3e5a77-1b2c
From: <sip:6001@pbx.example.net>;tag=77c1
To: <sip:6001@pbx.example.net>;tag=z9hG4bKPj4kR
CSeq: 1 REGISTER
WWW-Authenticate: Digest realm="pbx.example.net",nonce="1764504123/5d1f0c3a9b77e2864fa0b1c2d3e4f506",opaque="3f4e5d6c7b8a9901",algorithm=SHA-256,qop="auth"
WWW-Authenticate: Digest realm="pbx.example.net",nonce="1764504123/5d1f0c3a9b77e2864fa0b1c2d3e4f506",opaque="3f4e5d6c7b8a9901",algorithm=MD5,qop="auth"
Server: Asterisk PBX 22.1.0
Content-Length:  0

)",
     "sha-first"},
    {"Kamailio", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 192.0.2.55:49152;branch=z9hG4bK-524287-1---9c1b2a3d4e5f6071;rport=49152;received=203.0.113.9
To: <sip:carol@voice.example.org>;tag=7c1d0e2f3a4b5c6d7e8f90a1b2c3d4e5.b51f0000
From: <sip:carol@voice.example.org>;tag=5a6b7c8d
Call-ID: 81920PzQ1NzU2YjE4ZGQ
CSeq: 1 REGISTER
WWW-Authenticate: Digest realm="voice.example.org", nonce="aTx3QWk8dhVnB2JkM0p1c1RhK3Zx8Pq1"
Server: kamailio (5.7.4 (x86_64/linux))
Content-Length: 0

)",
     "missing-qop md5-only"},
    {"KamailioProxyWithQop", R"(SIP/2.0 407 Proxy Authentication Required
Via: SIP/2.0/UDP 192.0.2.55:5060;branch=z9hG4bK7d8e9f;rport=5060
From: "Carol" <sip:carol@voice.example.org>;tag=41
To: <sip:+4930123456@voice.example.org>;tag=c5e1b2.77aa
Call-ID: 9e8d7c6b@192.0.2.55
CSeq: 20 INVITE
Proxy-Authenticate: Digest realm="voice.example.org", nonce="aTx3QWk8dhVnB2JkM0p1c1RhK3Zx8Pq1", qop="auth", algorithm=SHA-256
Server: kamailio (5.8.2 (aarch64/linux))
Content-Length: 0

)"},
    {"OpenSips", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 198.51.100.17:5071;received=198.51.100.17;rport=5071;branch=z9hG4bKnashds8
From: <sip:500@sip.example.com>;tag=a6c85cf
To: <sip:500@sip.example.com>;tag=d0e1.8c3f2a1b
Call-ID: f2a1b3c4@198.51.100.17
CSeq: 4 REGISTER
WWW-Authenticate: Digest realm="sip.example.com", nonce="r0uVqS5oHWn1cZs2Tb8yQk9mLp4xUe7aXi3dGf6hJjM="
Server: OpenSIPS (3.4.9 (x86_64/linux))
Content-Length: 0

)",
     "missing-qop md5-only"},
    {"FreeSwitch", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 192.0.2.61:5060;branch=z9hG4bK-d8754z-7f1e0d2c3b4a5968-1---d8754z-;rport=5060
From: "1003" <sip:1003@fs.example.com>;tag=1a2b3c4d
To: "1003" <sip:1003@fs.example.com>;tag=K7yNt3Z1ccpHj
Call-ID: OTRkM2QxYjE4ZTc2
CSeq: 1 REGISTER
User-Agent: FreeSWITCH-mod_sofia/1.10.11-release+git~20231222T153534Z~f24064f7c9~64bit
Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY, PUBLISH, SUBSCRIBE
Supported: timer, path, replaces
WWW-Authenticate: Digest realm="fs.example.com", nonce="6b1f0a2c-3d4e-4f50-8a6b-7c8d9e0f1a2b", algorithm=MD5, qop="auth"
Content-Length: 0

)",
     "md5-only"},
    {"FritzBoxAsRegistrar", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/UDP 192.168.178.31:5060;rport=5060;branch=z9hG4bK2001;received=192.168.178.31
From: <sip:620@fritz.box>;tag=10
To: <sip:620@fritz.box>;tag=8E3F2A1B0C9D7E65
Call-ID: 7@192.168.178.31
CSeq: 1 REGISTER
WWW-Authenticate: Digest realm="fritz.box", nonce="D1C2B3A4958677E0"
User-Agent: FRITZ!OS
Content-Length: 0

)",
     "missing-qop md5-only"},
    {"CiscoIosGateway", R"(SIP/2.0 401 Unauthorized
Date: Mon, 30 Nov 2026 12:01:13 GMT
From: <sip:301@10.1.1.1>;tag=8f7e6d5c
Content-Length: 0
To: <sip:301@10.1.1.1>;tag=4B1F3C20-1DA2
Call-ID: 11223344-5566@10.1.1.20
Via: SIP/2.0/UDP 10.1.1.20:5060;branch=z9hG4bK00aa11bb
CSeq: 101 REGISTER
WWW-Authenticate: Digest realm="cme.corp.example",nonce="71C2A9D00B1E4F36",algorithm=MD5,qop="auth"

)",
     "md5-only"},
    {"BroadWorks", R"(SIP/2.0 401 Unauthorized
Via:SIP/2.0/UDP 172.16.4.9;received=198.51.100.40;branch=z9hG4bK8f3b1a2c5D6E7F80;rport=5060
From:"2125550123"<sip:2125550123@as.example.net>;tag=A1B2C3D4-5E6F7081
To:<sip:2125550123@as.example.net>;tag=1264403181-1764504410123
Call-ID:1a2b3c4d5e6f708192a3b4c5d6e7f809
CSeq:1 REGISTER
WWW-Authenticate:DIGEST realm="BroadWorks",algorithm=MD5,nonce="BroadWorksXmi4k2j1aTx9vwz0BW",qop="auth"
Content-Length:0

)",
     "default-realm md5-only"},
    {"ImsFirstRegister", R"(REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0
f: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>;tag=3205551192
t: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>
CSeq: 870532101 REGISTER
i: 3205551171_2345678@2001:db8:0:f1::2
v: SIP/2.0/TCP [2001:db8:0:f1::2]:5060;branch=z9hG4bK3399451180
Max-Forwards: 70
m: <sip:001010000000001@[2001:db8:0:f1::2]:5060>;+g.3gpp.accesstype="cellular2";audio;video;+g.3gpp.smsip;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";+sip.instance="<urn:gsma:imei:86012345-678901-0>"
P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=001010001019b01
l: 0
Authorization: Digest uri="sip:ims.mnc001.mcc001.3gppnetwork.org",username="001010000000001@ims.mnc001.mcc001.3gppnetwork.org",response="",realm="ims.mnc001.mcc001.3gppnetwork.org",nonce=""
Expires: 7200
Require: sec-agree
Proxy-Require: sec-agree
k: path,sec-agree
Allow: INVITE,BYE,CANCEL,ACK,NOTIFY,UPDATE,PRACK,INFO,MESSAGE,OPTIONS
Security-Client: ipsec-3gpp;alg=hmac-md5-96;ealg=des-ede3-cbc;spi-c=148301;spi-s=148302;port-c=31902;port-s=31800,ipsec-3gpp;alg=hmac-sha-1-96;ealg=null;spi-c=148301;spi-s=148302;port-c=31902;port-s=31800

SIP/2.0 401 Unauthorized - Challenging the UE
Via: SIP/2.0/TCP [2001:db8:0:f1::2]:5060;branch=z9hG4bK3399451180
From: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>;tag=3205551192
To: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>;tag=b27e1a1d33761e85846fc98f5f3a7e58.8e0f
Call-ID: 3205551171_2345678@2001:db8:0:f1::2
CSeq: 870532101 REGISTER
Path: <sip:term@pcscf.ims.mnc001.mcc001.3gppnetwork.org:5060;lr>
WWW-Authenticate: Digest realm="ims.mnc001.mcc001.3gppnetwork.org", nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4", algorithm=AKAv1-MD5, ck="00112233445566778899aabbccddeeff", ik="ffeeddccbbaa99887766554433221100", qop="auth,auth-int"
Server: Kamailio S-CSCF
Security-Server: ipsec-3gpp;q=0.1;prot=esp;mod=trans;spi-c=4096;spi-s=4097;port-c=5100;port-s=6100;alg=hmac-sha-1-96;ealg=null
Content-Length: 0

)",
     "qop-list"},
    {"ImsSecondRegister", R"(REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0
Via: SIP/2.0/UDP [2001:db8:0:f1::2]:31800;branch=z9hG4bK1177006211
Max-Forwards: 70
From: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>;tag=3205559990
To: <sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org>
Call-ID: 3205551171_2345678@2001:db8:0:f1::2
CSeq: 870532102 REGISTER
Contact: <sip:001010000000001@[2001:db8:0:f1::2]:31800>;expires=600000
Authorization: Digest username="001010000000001@ims.mnc001.mcc001.3gppnetwork.org",realm="ims.mnc001.mcc001.3gppnetwork.org",uri="sip:ims.mnc001.mcc001.3gppnetwork.org",qop=auth,nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",nc=00000001,cnonce="11518471",algorithm=AKAv1-MD5,response="0badc0de0badc0de0badc0de0badc0de"
Require: sec-agree
Proxy-Require: sec-agree
Security-Verify: ipsec-3gpp;q=0.1;prot=esp;mod=trans;spi-c=4096;spi-s=4097;port-c=5100;port-s=6100;alg=hmac-sha-1-96;ealg=null
Content-Length: 0

)"},
    {"Flexisip", R"(SIP/2.0 401 Unauthorized
Via: SIP/2.0/TLS 192.168.1.15:40522;alias;branch=z9hG4bK.kL8~mN2pQ;rport=40522;received=203.0.113.80
From: <sip:bob@sip.example.org>;tag=rS5tU~vW1
To: <sip:bob@sip.example.org>;tag=mU51Z8r2DaKFN
Call-ID: xY3zA9bC-2
CSeq: 20 REGISTER
WWW-Authenticate: Digest realm="sip.example.org", nonce="aTx3QgAAAACxZ1b0AAB7YbMhP0EAAAAA", opaque="+GNywA==", algorithm=SHA-256, qop="auth"
WWW-Authenticate: Digest realm="sip.example.org", nonce="aTx3QgAAAACxZ1b0AAB7YbMhP0EAAAAA", opaque="+GNywA==", algorithm=MD5, qop="auth"
Server: Flexisip/2.3.2 (sofia-sip-nta/2.0)
Content-Length: 0

)",
     "sha-first"},
    {"RegisterOkWithBindings", R"(SIP/2.0 200 OK
Via: SIP/2.0/UDP 192.168.10.33:5060;branch=z9hG4bK3141592653;received=203.0.113.3;rport=61022
From: "Anna Z" <sip:201@voip.example.com:5060>;tag=2718281828
To: "Anna Z" <sip:201@voip.example.com:5060>;tag=z9hG4bK3141592653
Call-ID: 0_1618033988@192.168.10.33
CSeq: 2 REGISTER
Date: Mon, 30 Nov 2026 12:05:00 GMT
Contact: <sip:201@192.168.10.33:5060>;expires=3599
Expires: 3600
Server: Asterisk PBX certified/18.9-cert5
Content-Length:  0

)"},
    {"OptionsOfAsterisk", R"(OPTIONS sip:201@203.0.113.3:61022 SIP/2.0
Via: SIP/2.0/UDP 198.51.100.1:5060;rport;branch=z9hG4bKPj0c1d2e3f-4a5b
From: <sip:201@198.51.100.1>;tag=9f8e7d6c-5b4a
To: <sip:201@203.0.113.3>
Contact: <sip:201@198.51.100.1:5060>
Call-ID: 2b1a0f9e-8d7c-6b5a
CSeq: 61233 OPTIONS
Supported: 100rel, timer, replaces, norefersub, histinfo
Max-Forwards: 70
User-Agent: Asterisk PBX 18.20.0
Content-Length:  0

)"},
    {"ThreeCx", R"(SIP/2.0 407 Proxy Authentication Required
Via: SIP/2.0/UDP 192.168.3.9:5060;branch=z9hG4bK-1a2b;rport=5060
Proxy-Authenticate: Digest nonce="414d535c1f2e3d4c5b:6a79888796a5b4c3d2e1f00112233445",algorithm=MD5,realm="3CXPhoneSystem"
To: <sip:100@192.168.3.2>;tag=6c5d4e3f
From: <sip:100@192.168.3.2>;tag=1b2c
Call-ID: 77@192.168.3.9
CSeq: 1 REGISTER
User-Agent: 3CXPhoneSystem 18.0.9.20 (20)
Content-Length: 0

)",
     "missing-qop 407-to-register default-realm md5-only"},
    {"RedirectedToAnotherRegistrar", R"(SIP/2.0 302 Moved Temporarily
Via: SIP/2.0/TCP 10.20.30.40:51002;branch=z9hG4bK3a7f1c2d
From: <sip:4401@cucm1.corp.example>;tag=0c75
To: <sip:4401@cucm1.corp.example>;tag=1
Call-ID: 0c75bd11
CSeq: 101 REGISTER
Contact: <sip:cucm2.corp.example:5060;transport=tcp>;q=0.5, <sip:cucm3.corp.example>
Content-Length: 0

)"},
    {"AckAndTrying", R"(SIP/2.0 100 Trying
Via: SIP/2.0/UDP 192.168.0.20:5060;branch=z9hG4bK-7b6a;rport=5060
From: "1007"<sip:1007@sip.example.com>;tag=6f5e
To: <sip:500@sip.example.com>
Call-ID: Zx9w
CSeq: 1 INVITE
Content-Length: 0

ACK sip:500@sip.example.com SIP/2.0
Via: SIP/2.0/UDP 192.168.0.20:5060;branch=z9hG4bK-7b6a;rport
Max-Forwards: 70
To: <sip:500@sip.example.com>;tag=t9
From: "1007"<sip:1007@sip.example.com>;tag=6f5e
Call-ID: Zx9w
CSeq: 1 ACK
Content-Length: 0

)"},
};
INSTANTIATE_TEST_SUITE_P(Rows, ServerExchangeTest, testing::ValuesIn(messages_of_servers),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
