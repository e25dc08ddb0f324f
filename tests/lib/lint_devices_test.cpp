// Messages and exchanges as real devices write them, values invented, with all that lint says of
// them: a line too many here is a false alarm.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sipauth/lint.hpp"
#include "sipauth/trace.hpp"

namespace sipauth {
namespace {

struct Case {
  std::string_view proves = {};
  std::string_view text = {};
  std::string_view told = "";
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.text; }

std::string with_crlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') result += '\r';
    result += c;
  }
  return result;
}

void add_names(const Diagnostics& found, std::string& names) {
  for (const auto& [rule, where] : found.list()) {
    if (!names.empty()) names += ' ';
    names += rule->name.substr(3);
  }
}

// The rules that are broken, in the order of the messages.
std::string told_of(std::string_view text) {
  std::string names;
  ExchangeLint exchange;
  TraceReader reader{text};
  auto message = reader.next();
  if (!message || message->is_fragment) {
    Diagnostics found;
    if (!lint_pasted(text, found, &exchange)) names = "unreadable";
    add_names(found, names);
    return names;
  }
  for (; message; message = reader.next()) {
    Diagnostics found;
    if (!lint_traced(*message, found, &exchange)) names += "unreadable";
    add_names(found, names);
  }
  return names;
}

class DeviceExchangeTest : public testing::TestWithParam<Case> {};

TEST_P(DeviceExchangeTest, IsToldWhatItBreaksAndNothingElse) {
  EXPECT_EQ(told_of(with_crlf(GetParam().text)), GetParam().told);
}

// The same without the CRs, as an editor or a mail keeps it.
TEST_P(DeviceExchangeTest, LineFeedsAloneChangeNothing) {
  auto text = std::string{GetParam().text};
  EXPECT_EQ(told_of(text), GetParam().told);
  std::string quoted = "> ";
  for (const char c : text) {
    quoted += c;
    if (c == '\n') quoted += "> ";
  }
  EXPECT_EQ(told_of(quoted), GetParam().told);
}

const std::vector<Case> exchanges{
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
    {"FritzBoxRegistersAtAProvider", R"(REGISTER sip:tel.provider.example SIP/2.0
Via: SIP/2.0/UDP 203.0.113.77:5060;rport;branch=z9hG4bKC7F1A4E9D02B3C85
Route: <sip:tel.provider.example;lr>
From: <sip:493012345678@tel.provider.example>;tag=B5E7A11D4C2F9083
To: <sip:493012345678@tel.provider.example>
Call-ID: 9D1E6A44B7C2F035@203.0.113.77
CSeq: 5032 REGISTER
Contact: <sip:493012345678@203.0.113.77;uniq=0A1B2C3D4E5F60718293A4B5C6D7E>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-3C3712AABBCC>"
Authorization: Digest username="493012345678", realm="tel.provider.example", nonce="4F5E6D7C8B9A0112", uri="sip:tel.provider.example", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5
Max-Forwards: 70
Expires: 1800
User-Agent: AVM FRITZ!Box 7590 154.07.57 (Jul 18 2023)
Supported: 100rel,replaces,timer
Allow-Events: telephone-event,refer
Allow: INVITE,ACK,OPTIONS,CANCEL,BYE,UPDATE,PRACK,INFO,SUBSCRIBE,NOTIFY,REFER,MESSAGE,PUBLISH
Accept: application/sdp, multipart/mixed
Accept-Encoding: identity
Content-Length: 0

)"},
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
    {"CiscoSpa", R"(REGISTER sip:sip.example.net SIP/2.0
Via: SIP/2.0/UDP 192.168.1.44:5060;branch=z9hG4bK-1c2d3e4f
From: "Desk 12" <sip:1012@sip.example.net>;tag=9b8a7c6d5e4f3a2bo0
To: "Desk 12" <sip:1012@sip.example.net>
Call-ID: 6a7b8c9d-1e2f3a4b@192.168.1.44
CSeq: 40312 REGISTER
Max-Forwards: 70
Authorization: Digest username="1012",realm="sip.example.net",nonce="6dNmLq93aXz8Tq1b",uri="sip:sip.example.net",algorithm=MD5,response="0badc0de0badc0de0badc0de0badc0de",qop=auth,nc=00000001,cnonce="8c7d6e5f"
Contact: "Desk 12" <sip:1012@192.168.1.44:5060>;expires=3600
User-Agent: Cisco/SPA525G2-7.6.2c
Content-Length: 0
Allow: ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE
Supported: replaces

)"},
    {"CiscoUnified", R"(REGISTER sip:cucm1.corp.example SIP/2.0
Via: SIP/2.0/TCP 10.20.30.40:51002;branch=z9hG4bK3a7f1c2d
From: <sip:4401@cucm1.corp.example>;tag=0c75bd11a2b30002413f5c6d-2a1b3c4d
To: <sip:4401@cucm1.corp.example>
Call-ID: 0c75bd11-a2b30002-5f1e2d3c-1b2a3948@10.20.30.40
Max-Forwards: 70
Date: Mon, 30 Nov 2026 08:15:42 GMT
CSeq: 101 REGISTER
User-Agent: Cisco-CP8845/12.8.1
Contact: <sip:9f8e7d6c-5b4a-3928-1706-f5e4d3c2b1a0@10.20.30.40:51002;transport=tcp>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-0c75bd11a2b3>";+u.sip!devicename.ccm.cisco.com="SEP0C75BD11A2B3";+u.sip!model.ccm.cisco.com="36217";video
Supported: replaces,join,sdp-anat,norefersub,resource-priority,extended-refer,X-cisco-callinfo,X-cisco-serviceuri,X-cisco-escapecodes,X-cisco-service-control,X-cisco-srtp-fallback,X-cisco-monrec,X-cisco-config,X-cisco-sis-7.0.0,X-cisco-xsi-8.5.1
Content-Length: 0
Reason: SIP;cause=200;text="cisco-alarm:25 Name=SEP0C75BD11A2B3 ActiveLoad=sip8845_65.12-8-1-0001-455 InactiveLoad=sip8845_65.12-7-1 Last=initialized"
Expires: 3600

)"},
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
    {"Yealink", R"(REGISTER sip:voip.example.com:5060 SIP/2.0
Via: SIP/2.0/UDP 192.168.10.33:5060;branch=z9hG4bK3141592653
From: "Anna Z" <sip:201@voip.example.com:5060>;tag=2718281828
To: "Anna Z" <sip:201@voip.example.com:5060>
Call-ID: 0_1618033988@192.168.10.33
CSeq: 2 REGISTER
Contact: <sip:201@192.168.10.33:5060>
Authorization: Digest username="201", realm="voip.example.com", nonce="1764504300/9c0d1e2f3a4b5c6d7e8f901a2b3c4d5e", uri="sip:voip.example.com:5060", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5, cnonce="0a4f113b", opaque="5bdb2c1f27b6b3c4", qop=auth, nc=00000001
Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE
Max-Forwards: 70
User-Agent: Yealink SIP-T54W 96.86.0.45
Expires: 3600
Allow-Events: talk,hold,conference,refer,check-sync
Mac: 80:5e:c0:aa:bb:cc
Line: 0
Content-Length: 0

)"},
    {"Grandstream", R"(REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/UDP 192.168.5.12:5062;branch=z9hG4bK1466728113;rport
Route: <sip:192.0.2.8:5060;lr>
From: "Office" <sip:702@pbx.example.net>;tag=1984206733
To: <sip:702@pbx.example.net>
Call-ID: 1221873909-5062-1@BJC.BGI.F.BC
CSeq: 2001 REGISTER
Contact: <sip:702@192.168.5.12:5062>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000B82AABBCC>"
Authorization: Digest username="702", realm="pbx.example.net", nonce="6e2d11aabbccddee01", uri="sip:pbx.example.net", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5, cnonce="52331120", qop=auth, nc=00000003
Max-Forwards: 70
User-Agent: Grandstream GXP2170 1.0.11.74
Supported: path
Expires: 3600
Allow: INVITE, ACK, OPTIONS, CANCEL, BYE, SUBSCRIBE, NOTIFY, INFO, REFER, UPDATE, MESSAGE
Content-Length: 0

)"},
    {"Snom", R"(REGISTER sip:pbx.example.net SIP/2.0
Via: SIP/2.0/TLS 192.168.7.40:2053;branch=z9hG4bK-x2k9v1m4q7zs;rport
From: "Empfang" <sip:100@pbx.example.net>;tag=q7p1w9d2kz
To: "Empfang" <sip:100@pbx.example.net>
Call-ID: 313736343530343331323334-a9x2b7c4d1e0
CSeq: 912 REGISTER
Max-Forwards: 70
User-Agent: snomD785/10.1.169.15
Contact: <sip:100@192.168.7.40:2053;transport=tls;line=9p2x7k1m>;reg-id=1;q=1.0;+sip.instance="<urn:uuid:7a1c9e0f-3b5d-4e2a-9c8b-000413aabbcc>";audio;mobility="fixed";duplex="full";description="snomD785";actor="principal";events="dialog";methods="INVITE,ACK,CANCEL,BYE,REFER,OPTIONS,NOTIFY,SUBSCRIBE,PRACK,MESSAGE,INFO"
Allow-Events: dialog
X-Real-IP: 192.168.7.40
Supported: path, gruu, outbound
Authorization: Digest username="100",realm="pbx.example.net",nonce="1764504300/9c0d1e2f",uri="sip:pbx.example.net",qop=auth,nc=00000001,cnonce="c5f1a2d0",response="0badc0de0badc0de0badc0de0badc0de",opaque="5bdb2c1f",algorithm=MD5
Expires: 3600
Content-Length: 0

)"},
    {"Polycom", R"(REGISTER sip:as.example.net:5060 SIP/2.0
Via: SIP/2.0/UDP 172.16.4.9;branch=z9hG4bK8f3b1a2c5D6E7F80
From: "2125550123" <sip:2125550123@as.example.net>;tag=A1B2C3D4-5E6F7081
To: <sip:2125550123@as.example.net>
CSeq: 2 REGISTER
Call-ID: 1a2b3c4d5e6f708192a3b4c5d6e7f809
Contact: <sip:2125550123@172.16.4.9>;methods="INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER"
User-Agent: PolycomVVX-VVX_410-UA/5.9.8.5760
Accept-Language: en
Authorization: Digest username="2125550123", realm="as.example.net", nonce="BroadWorksXmi4k2j1aTx9vwz0BW", qop=auth, cnonce="2oKnqlTzS7rKqd2", nc=00000001, uri="sip:as.example.net:5060", response="0badc0de0badc0de0badc0de0badc0de", algorithm=MD5
Max-Forwards: 70
Expires: 3600
Content-Length: 0

)"},
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
    {"AudioCodesGateway", R"(REGISTER sip:itsp.example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.90:5060;branch=z9hG4bKac1763098211
Max-Forwards: 70
From: <sip:GW01@itsp.example.com>;tag=1c1763091120
To: <sip:GW01@itsp.example.com>
Call-ID: 17630876541162026120000@192.0.2.90
CSeq: 2 REGISTER
Contact: <sip:GW01@192.0.2.90:5060>;expires=3600
Authorization: Digest username="GW01",realm="itsp.example.com",nonce="NzA1MTI0MzI4ODdhYmNkZQ==",uri="sip:itsp.example.com",algorithm=MD5,response="0badc0de0badc0de0badc0de0badc0de"
Supported: em,timer,replaces,path,resource-priority
Allow: REGISTER,OPTIONS,INVITE,ACK,CANCEL,BYE,NOTIFY,PRACK,REFER,INFO,SUBSCRIBE,UPDATE
Expires: 3600
User-Agent: Mediant 800B/v.7.20A.258.661
Content-Length: 0

)"},
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
    {"Linphone", R"(REGISTER sip:sip.example.org;transport=tls SIP/2.0
Via: SIP/2.0/TLS 192.168.1.15:40522;alias;branch=z9hG4bK.kL8~mN2pQ;rport
From: <sip:bob@sip.example.org>;tag=rS5tU~vW1
To: sip:bob@sip.example.org
CSeq: 21 REGISTER
Call-ID: xY3zA9bC-2
Max-Forwards: 70
Supported: replaces, outbound, gruu, path, record-aware
Accept: application/sdp
Accept: text/plain
Accept: application/vnd.gsma.rcs-ft-http+xml
Contact: <sip:bob@203.0.113.80:40522;transport=tls>;+sip.instance="<urn:uuid:5a3b1c9e-0d7f-00b2-8e46-c1a2b3d4e5f6>";+org.linphone.specs="groupchat/1.2,lime"
Expires: 3600
User-Agent: LinphoneAndroid/5.2.4 (Pixel 7) LinphoneSDK/5.3.40 (tags/5.3.40^0)
Content-Length: 0
Authorization: Digest realm="sip.example.org", nonce="aTx3QgAAAACxZ1b0AAB7YbMhP0EAAAAA", algorithm=SHA-256, opaque="+GNywA==", username="bob", uri="sip:sip.example.org;transport=tls", response="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", cnonce="Qm3~kR8vZx1LpT5w", nc=00000001, qop=auth

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
    {"ZoiperInvite", R"(INVITE sip:500@sip.example.com;transport=UDP SIP/2.0
Via: SIP/2.0/UDP 192.168.0.20:5060;branch=z9hG4bK-524287-1---7b6a5948372615f0;rport
Max-Forwards: 70
Contact: <sip:1007@203.0.113.5:5060;transport=UDP>
To: <sip:500@sip.example.com>
From: "1007"<sip:1007@sip.example.com;transport=UDP>;tag=6f5e4d3c
Call-ID: Zx9wVu8tSr7qPo..
CSeq: 2 INVITE
Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE
Content-Type: application/sdp
User-Agent: Z 5.6.3 v2.10.20.4
Proxy-Authorization: Digest username="1007",realm="sip.example.com",nonce="aTx3QWk8dhVnB2Jk",uri="sip:500@sip.example.com;transport=UDP",response="0badc0de0badc0de0badc0de0badc0de",cnonce="1f2e3d4c5b6a79880f1e2d3c4b5a6978",nc=00000001,qop=auth,algorithm=MD5
Allow-Events: presence, kpml, talk, as-feature-event
Content-Length: 9

v=0
s=-
)"},
    {"JsSipOverWebSocket", R"(REGISTER sip:rtc.example.com SIP/2.0
Via: SIP/2.0/WSS 7k2m9p4q1r0s.invalid;branch=z9hG4bK5511223
Max-Forwards: 69
To: <sip:9001@rtc.example.com>
From: "9001" <sip:9001@rtc.example.com>;tag=n3v8b1q0kd
Call-ID: 5vq2m8k1p0sd7fh3jl9a
CSeq: 2 REGISTER
Authorization: Digest algorithm=MD5, username="9001", realm="rtc.example.com", nonce="6b1f0a2c-3d4e-4f50-8a6b-7c8d9e0f1a2b", uri="sip:rtc.example.com", response="0badc0de0badc0de0badc0de0badc0de", opaque="c0ffee", qop=auth, cnonce="p9o8i7u6y5t4", nc=00000001
Contact: <sip:h4k9s2d1@7k2m9p4q1r0s.invalid;transport=ws>;+sip.ice;reg-id=1;+sip.instance="<urn:uuid:8f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0>";expires=600
Expires: 600
Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY
Supported: path,gruu,outbound
User-Agent: JsSIP 3.10.1
Content-Length: 0

)"},
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
    {"MitelAastra", R"(REGISTER sip:mivoice.example.com:5060 SIP/2.0
Via: SIP/2.0/UDP 10.9.8.7:5060;branch=z9hG4bK6a1f2c3d4e5b60718
Max-Forwards: 70
From: "Lab 6869" <sip:3301@mivoice.example.com:5060>;tag=8d7c6b5a4f
To: "Lab 6869" <sip:3301@mivoice.example.com:5060>
Call-ID: a1c2e3f405162738
CSeq: 31221 REGISTER
Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, OPTIONS, UPDATE, PRACK, SUBSCRIBE, INFO
Allow-Events: talk, hold, conference, LocalModeStatus
Authorization: Digest username="3301",realm="mivoice.example.com",nonce="12ab34cd56ef7890ab",uri="sip:mivoice.example.com:5060",response="0badc0de0badc0de0badc0de0badc0de",opaque="",algorithm=MD5,qop=auth,nc=00000001,cnonce="4f3e2d1c"
Contact: "Lab 6869" <sip:3301@10.9.8.7:5060;transport=udp>;expires=86400;+sip.instance="<urn:uuid:00000000-0000-1000-8000-00085DAABBCC>"
Supported: path, gruu
User-Agent: Mitel 6869i/5.1.0.4046
Content-Length: 0

)"},
    {"GigasetN510", R"(REGISTER sip:reg.example.de SIP/2.0
Via: SIP/2.0/UDP 192.168.2.50:5060;branch=z9hG4bK3f1c0a2b9d8e7f60
From: "0301234567" <sip:0301234567@reg.example.de>;tag=2310449811
To: "0301234567" <sip:0301234567@reg.example.de>
Call-ID: 3029441076@192_168_2_50
CSeq: 8 REGISTER
Contact: <sip:0301234567@192.168.2.50:5060>
Authorization: Digest username="0301234567", realm="reg.example.de", algorithm=MD5, uri="sip:reg.example.de", nonce="5f0e1d2c3b4a59687786", response="0badc0de0badc0de0badc0de0badc0de"
Max-Forwards: 70
User-Agent: N510 IP PRO/42.250.00.000.000
Expires: 600
Content-Length: 0

)"},
    {"Panasonic", R"(REGISTER sip:ucm.example.jp SIP/2.0
Via: SIP/2.0/UDP 192.168.0.101:5060;branch=z9hG4bK0a1b2c3d4e5f
Max-Forwards: 70
From: <sip:150@ucm.example.jp>;tag=4160981723
To: <sip:150@ucm.example.jp>
Call-ID: 0a1b2c3d4e5f6071@192.168.0.101
CSeq: 1 REGISTER
Contact: <sip:150@192.168.0.101:5060>;+sip.instance="<urn:uuid:550e8400-e29b-11d4-8000-080023aabbcc>"
Expires: 3600
Allow: INVITE, ACK, OPTIONS, BYE, CANCEL, REFER, NOTIFY, SUBSCRIBE, INFO
Supported: timer, replaces
User-Agent: Panasonic-KX-TGP600/12.17 (080023aabbcc)
Content-Length: 0

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
INSTANTIATE_TEST_SUITE_P(Rows, DeviceExchangeTest, testing::ValuesIn(exchanges),
                         [](const auto& row) { return std::string{row.param.proves}; });

// --- Rows by themselves. ---

class DeviceRowTest : public testing::TestWithParam<Case> {};

TEST_P(DeviceRowTest, IsToldWhatItBreaksAndNothingElse) {
  EXPECT_EQ(told_of(GetParam().text), GetParam().told);
}

const std::vector<Case> device_rows{
    {"ChanSipStale",
     R"(WWW-Authenticate: Digest algorithm=MD5, realm="pbx.example.net", nonce="7c1d0e2f", stale=true)",
     "missing-qop short-nonce"},
    {"YateWithDomain",
     R"(WWW-Authenticate: Digest realm="yate.example", domain="sip:198.51.100.2", nonce="c0ffee11deadbeef.1764504000", stale=FALSE, algorithm=MD5)",
     "missing-qop"},
    {"OracleSbc",
     R"(Proxy-Authenticate: Digest realm="sbc.example.net", nonce="5d5c0a3ff1d02b7a4be1c09a", stale=false, algorithm=MD5, qop="auth", domain="sip:sbc.example.net sip:sbc2.example.net")"},
    {"Metaswitch",
     R"(WWW-Authenticate: Digest realm="as.example.net",nonce="3f1c9d0a7b5e",stale=false,algorithm=MD5,qop="auth")",
     "short-nonce"},
    {"TwilioTrunk",
     R"(Proxy-Authenticate: Digest realm="sip.example.com",qop="auth",nonce="GqKzW9xYVtNc5dRbU2eJ8mPoHs3LaF7i",opaque="1f2e3d4c5b6a79888796a5b4c3d2e1f0")"},
    {"Sippy",
     R"(WWW-Authenticate: Digest realm="sippy.example",nonce="1f2e3d4c5b6a79888796a5b4c3d2e1f01764504000",opaque="aa",algorithm=MD5,qop="auth")"},
    {"SofiaWithAUri",
     R"(WWW-Authenticate: Digest realm="sofia.example", nonce="Q0ZBN0I2RDVFNEYzMjEwMA", algorithm=MD5, qop="auth", uri="sip:sofia.example")",
     "unknown-parameter"},
    {"SpacesRoundTheEquals",
     R"(WWW-Authenticate: Digest realm = "pbx.example.net" , nonce = "0f1e2d3c4b5a69788796a5b4" , qop = "auth")"},
    {"LowerCaseSchemeAndNames",
     R"(WWW-Authenticate: digest REALM="pbx.example.net",Nonce="0f1e2d3c4b5a69788796a5b4",Qop="auth",ALGORITHM=MD5)"},
    {"Md5InLowerCase",
     R"(WWW-Authenticate: Digest realm="pbx.example.net",nonce="0f1e2d3c4b5a69788796a5b4",algorithm=md5,qop="auth")",
     "odd-case-algorithm"},
    {"RealmWithBlanks",
     R"(WWW-Authenticate: Digest realm="Main Office PBX", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth")"},
    {"RealmWithEscapedQuotes",
     R"(WWW-Authenticate: Digest realm="the \"old\" one, really", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth")"},
    {"RealmWithUmlauts",
     "WWW-Authenticate: Digest realm=\"B\xC3\xBCro\", nonce=\"0f1e2d3c4b5a69788796a5b4\", "
     "qop=\"auth\""},
    {"UserhashAndCharset",
     R"(WWW-Authenticate: Digest realm="r.example", nonce="0f1e2d3c4b5a69788796a5b4", qop="auth", algorithm=SHA-256, userhash=true, charset=UTF-8)"},
    {"HashedUser",
     R"(Authorization: Digest username="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", realm="r", nonce="n", uri="sip:r", algorithm=SHA-256, response="0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de", qop=auth, nc=00000001, cnonce="c", userhash=true)"},
    {"UserhashFalse",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", response="0badc0de0badc0de0badc0de0badc0de", userhash=false)"},
    {"Session",
     R"(Authorization: Digest username="u",realm="r",nonce="n",uri="sip:r",algorithm=MD5-sess,response="0badc0de0badc0de0badc0de0badc0de",qop=auth,nc=0000001f,cnonce="c")"},
    {"UserWithADomain",
     R"(Authorization: Digest username="u@r.example", realm="r.example", nonce="n", uri="sip:r.example", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"UriOfTel",
     R"(Proxy-Authorization: Digest username="u", realm="r", nonce="n", uri="tel:+15551234567", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"EmptyOpaque",
     R"(Authorization: Digest username="u", realm="r", nonce="n", uri="sip:r", opaque="", response="0badc0de0badc0de0badc0de0badc0de")"},
    {"AkaResync",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",uri="sip:ims.example",response="0badc0de0badc0de0badc0de0badc0de",algorithm=AKAv1-MD5,auts="I9J3nTkHhPpDh0M8tbo=")"},
    {"AkaNetworkNotVerified",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4",uri="sip:ims.example",response="",algorithm=AKAv1-MD5)"},
    {"IntegrityProtected",
     R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="",uri="sip:ims.example",response="",integrity-protected="tls-pending")"},
    {"TabsBetweenParameters",
     "WWW-Authenticate:\tDigest\trealm=\"r\",\tnonce=\"0f1e2d3c4b5a69788796a5b4\",\tqop=\"auth\""},
    {"FoldedCredentials",
     "Authorization: Digest username=\"u\", realm=\"r\",\r\n\tnonce=\"n\", uri=\"sip:r\",\r\n  "
     "response=\"0badc0de0badc0de0badc0de0badc0de\""},
    {"KamailioAuthenticationInfo",
     R"(Authentication-Info: nextnonce="aTx3QWk8dhVnB2JkM0p1c1RhK3Zx8Pq1", qop=auth, rspauth="0badc0de0badc0de0badc0de0badc0de", cnonce="0a4f113b", nc=00000001)"},
    {"NextNonceAlone", R"(Authentication-Info: nextnonce="47364c23432d2e131a5fb210812c")"},
    {"LyncNtlm",
     R"(WWW-Authenticate: NTLM realm="SIP Communications Service", targetname="lync.corp.example", version=4)",
     "other-scheme"},
    {"Kerberos",
     R"(Authorization: Kerberos qop="auth", realm="SIP Communications Service", targetname="sip/lync.corp.example", gssapi-data="YIIE", version=3)"},
    {"BearerToken", R"(Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln)"},
};
INSTANTIATE_TEST_SUITE_P(Rows, DeviceRowTest, testing::ValuesIn(device_rows),
                         [](const auto& row) { return std::string{row.param.proves}; });

}  // namespace
}  // namespace sipauth
