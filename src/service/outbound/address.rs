//! Which addresses a request may go to, and the look-up of names that hands on no other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The first four bytes of a block and the length of its prefix in bits, 1 to 32.
type Block = ([u8; 4], u32);

/// What the IANA registries set aside in IPv4, with multicast and the reserved upper end.
const CLOSED_V4: [Block; 15] = [
    ([0, 0, 0, 0], 8),       // this network
    ([10, 0, 0, 0], 8),      // private
    ([100, 64, 0, 0], 10),   // behind a provider's NAT
    ([127, 0, 0, 0], 8),     // loopback
    ([169, 254, 0, 0], 16),  // link-local, with the metadata services of clouds
    ([172, 16, 0, 0], 12),   // private
    ([192, 0, 0, 0], 24),    // protocol assignments
    ([192, 0, 2, 0], 24),    // documentation
    ([192, 88, 99, 0], 24),  // 6to4 relays
    ([192, 168, 0, 0], 16),  // private
    ([198, 18, 0, 0], 15),   // benchmarks
    ([198, 51, 100, 0], 24), // documentation
    ([203, 0, 113, 0], 24),  // documentation
    ([224, 0, 0, 0], 4),     // multicast
    ([240, 0, 0, 0], 4),     // reserved, with broadcast
];

/// What is set aside inside 2000::/3; all of IPv6 outside of it is closed anyway.
const CLOSED_V6: [Block; 4] = [
    ([0x20, 0x01, 0x00, 0x00], 23), // protocol assignments, with Teredo and benchmarks
    ([0x20, 0x01, 0x0d, 0xb8], 32), // documentation
    ([0x20, 0x02, 0x00, 0x00], 16), // 6to4: carries an IPv4 address that could be any
    ([0x3f, 0xff, 0x00, 0x00], 20), // documentation
];

/// Whether an address is plain global unicast: one that the public internet routes to one machine.
///
/// False for loopback, private, link-local, shared, documentation, benchmark, multicast and reserved blocks, and for IPv6 blocks that
/// carry an IPv4 address (NAT64, 6to4, Teredo, IPv4-compatible). An IPv4-mapped address is judged by the IPv4 address in it.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => ip.to_ipv4_mapped().map_or_else(|| is_public_v6(ip), is_public_v4),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    !lies_in(ip.octets(), &CLOSED_V4)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, ..] = ip.octets();
    // Public unicast is given out of 2000::/3 only; loopback, fc00::/7, fe80::/10, 64:ff9b::/96 and their like lie outside.
    lies_in([a, b, c, d], &[([0x20, 0, 0, 0], 3)]) && !lies_in([a, b, c, d], &CLOSED_V6)
}

fn lies_in(start: [u8; 4], blocks: &[Block]) -> bool {
    let bits = u32::from_be_bytes(start);
    blocks.iter().any(|&(base, length)| (bits ^ u32::from_be_bytes(base)) >> (32 - length) == 0)
}

/// Why [`CheckedResolver`] refused a name; the text is for a person and names the host.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Looks a name up once, checks every address found, and hands on exactly those: a second answer of the name server cannot slip in
/// between check and connection.
#[derive(Debug)]
pub(super) struct CheckedResolver {
    /// Whether addresses that are not public may be reached.
    pub(super) allow_private: bool,
}

impl Resolver for CheckedResolver {
    fn resolve(&self, uri: &Uri, _config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let standard = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let found = look_up(host, uri.port_u16().unwrap_or(standard), timeout)?;
        // One bad address refuses them all: a name that mixes both kinds is a trick or a mistake.
        if !self.allow_private && !found.iter().all(|address| is_public(address.ip())) {
            return Err(ureq::Error::Other(Box::new(Refused(not_public(host)))));
        }
        let mut checked = self.empty();
        for address in found {
            if checked.try_push(address).is_err() {
                // More addresses than can be handed on; the first ones are enough.
                break;
            }
        }
        if checked.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(checked) }
    }
}

/// The refusal of a host. It does not say which address a name led to: that would tell strangers about the network inside.
pub(super) fn not_public(host: &str) -> String {
    format!("`{host}` is not a public address; give one that the internet can reach, or have private addresses allowed in the settings")
}

fn look_up(host: &str, port: u16, timeout: NextTimeout) -> Result<Vec<SocketAddr>, ureq::Error> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    let name = bare.to_owned();
    // The system's look-up cannot be interrupted; in a thread of its own it cannot hold a request beyond its time.
    thread::Builder::new().name("name-lookup".to_owned()).spawn(move || {
        let found = (name.as_str(), port).to_socket_addrs().map(|found| found.collect::<Vec<SocketAddr>>());
        // Nobody listens any more when the time has run out.
        sender.send(found).ok();
    })?;
    match receiver.recv_timeout(*timeout.after) {
        Ok(found) => Ok(found?),
        Err(RecvTimeoutError::Timeout) => Err(ureq::Error::Timeout(timeout.reason)),
        Err(RecvTimeoutError::Disconnected) => Err(ureq::Error::HostNotFound),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> bool {
        is_public(text.parse().expect(text))
    }

    #[test]
    fn plain_unicast_is_public() {
        // Among them the neighbours of every closed block.
        let all = "1.0.0.0 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
            169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 \
            192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 \
            223.255.255.255 \
            2000::1 2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2001:db9::1 2003::1 2606:4700:4700::1111 \
            2a00:1450:4007::1 3ffe::1 3fff:1000::1 ::ffff:8.8.8.8";
        for text in all.split_whitespace() {
            assert!(judge(text), "{text} is public");
        }
    }

    #[test]
    fn all_else_of_ipv4_is_closed() {
        let all = "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 169.254.0.0 \
            169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255 \
            192.88.99.0 192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 \
            203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255";
        for text in all.split_whitespace() {
            assert!(!judge(text), "{text} is not public");
        }
    }

    #[test]
    fn all_else_of_ipv6_is_closed() {
        let all = ":: ::1 ::2 ::8.8.8.8 ::127.0.0.1 ::ffff:0:0 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 \
            ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 64:ff9b:1:ffff::1 100:: 100::1 100:0:0:1::1 \
            1fff:ffff::1 2001:: 2001::1 2001:0:ffff::1 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff::1 2001:db8:: \
            2001:db8:ffff::1 2002:: 2002:808:808::1 2002:7f00:1::1 2002:ffff::1 3fff:: 3fff:fff:ffff::1 4000::1 5f00::1 \
            fc00::1 fd00::1 fdff:ffff::1 fe80::1 febf::1 fec0::1 feff::1 ff00::1 ff02::1 ff0e::1 \
            ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        for text in all.split_whitespace() {
            assert!(!judge(text), "{text} is not public");
        }
    }

    #[test]
    fn the_resolver_hands_on_what_it_checked() {
        let resolve = |allow_private, url: &'static str| {
            CheckedResolver { allow_private }.resolve(&Uri::from_static(url), &Config::builder().build(), NextTimeout::default())
        };
        for (url, expected) in [
            ("http://8.8.8.8/", "8.8.8.8:80"),
            ("https://8.8.8.8/", "8.8.8.8:443"),
            ("https://[2606:4700:4700::1111]:8443/", "[2606:4700:4700::1111]:8443"),
        ] {
            let found = resolve(false, url).expect(url);
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
        }
        for url in ["http://127.0.0.1:81/", "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://localhost/"] {
            assert!(matches!(resolve(false, url), Err(ureq::Error::Other(_))), "{url} is refused");
            assert!(resolve(true, url).is_ok(), "{url} is allowed on demand");
        }
    }
}
