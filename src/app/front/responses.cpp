#include "app/front/responses.hpp"

#include <chrono>

#include "core/wire/openai_writer.hpp"

namespace hayate::front {

net::Response error_response(const Error& error) {
    net::Response response{.status = base::shape_of(error.kind).http_status,
                           .body = wire::openai_error_body(error)};
    if (error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after);
        response.extra.push_back({"retry-after", std::to_string(seconds.count())});
    }
    if (error.kind == ErrorKind::kUnauthenticated) {
        response.extra.push_back({"www-authenticate", "Bearer"});
    }
    return response;
}

Task<void> send_error(net::Exchange& exchange, Error error) {
    co_await exchange.respond(error_response(error));
}

}  // namespace hayate::front
