#pragma once
// Task<T>: a coroutine that runs on one shard's thread from start to end.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hayate::runtime {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;

template <class T>
using Task = asio::awaitable<T, Executor>;

/// Completion token for Asio operations: the result is a tuple that begins with the error code,
/// nothing is thrown.
inline constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable_t<Executor>{});

/// The executor that the calling coroutine runs on.
inline Task<Executor> current_executor() { co_return co_await asio::this_coro::executor; }

}  // namespace hayate::runtime

namespace hayate {
using runtime::Task;
}  // namespace hayate
