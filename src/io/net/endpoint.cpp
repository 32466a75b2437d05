#include "io/net/endpoint.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace hayate::net {

Result<Endpoint> parse_endpoint(std::string_view url) {
    const auto wrong = [&](std::string_view why) {
        return fail(base::public_error(ErrorKind::kBadRequest, "endpoint",
                                       "'" + std::string(url) + "': " + std::string(why)));
    };
    const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
    if (!parsed) return wrong("not a URL; expected http(s)://host[:port][/path]");
    Endpoint endpoint;
    if (parsed->scheme() == "https") {
        endpoint.is_tls = true;
        endpoint.port = 443;
    } else if (parsed->scheme() != "http") {
        return wrong("expected http:// or https://");
    }
    if (parsed->has_userinfo()) return wrong("user names and passwords do not belong in a URL");
    if (parsed->has_query() || parsed->has_fragment()) return wrong("expected no '?' and no '#'");
    endpoint.host = std::string(parsed->host_address());
    if (endpoint.host.empty()) return wrong("no host");
    if (parsed->has_port()) {
        if (parsed->port_number() == 0) return wrong("the port is not a number from 1 to 65535");
        endpoint.port = parsed->port_number();
    }
    endpoint.authority = std::string(parsed->encoded_host_and_port());
    endpoint.base_path = std::string(parsed->encoded_path());
    while (endpoint.base_path.ends_with('/')) endpoint.base_path.pop_back();
    return endpoint;
}

}  // namespace hayate::net
