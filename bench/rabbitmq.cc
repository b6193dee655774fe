// Publishes the same documents to RabbitMQ: persistent messages to fan-out exchanges of durable
// queues, publisher confirms, a window of outstanding confirms per connection. Each connection has
// its own thread, because librabbitmq blocks.
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <sys/time.h>

#include <atomic>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "load.h"
#include "plan.h"

namespace {

using load::Clock;

struct Settings {
  int port = 0;
  int connections = 1;
  int channels = 1;
  std::size_t window = 256;  // per connection
  int groups = 1;            // fan-out exchanges, each with its own queues
  int queues = 5;            // per exchange
  std::string queue_type;    // classic, classic-v2, lazy, quorum
};

void check(const amqp_rpc_reply_t& reply, const char* what) {
  if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
    std::string text = what;
    if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
      text += std::string(": ") + amqp_error_string2(reply.library_error);
    } else if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
      const auto* close = static_cast<amqp_channel_close_t*>(reply.reply.decoded);
      text += ": " +
              std::string(static_cast<const char*>(close->reply_text.bytes), close->reply_text.len);
    }
    bench::die("rabbitmq: " + text);
  }
}

amqp_bytes_t bytes_of(const std::string& text) {
  amqp_bytes_t bytes;
  bytes.len = text.size();
  bytes.bytes = const_cast<char*>(text.data());
  return bytes;
}

amqp_connection_state_t connect(const Settings& settings) {
  amqp_connection_state_t state = amqp_new_connection();
  amqp_socket_t* const socket = amqp_tcp_socket_new(state);
  if (socket == nullptr || amqp_socket_open(socket, "127.0.0.1", settings.port) != AMQP_STATUS_OK) {
    bench::die("rabbitmq: cannot connect");
  }
  check(amqp_login(state, "/", settings.channels + 1, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest",
                   "guest"),
        "login");
  for (int i = 1; i <= settings.channels; ++i) {
    amqp_channel_open(state, static_cast<amqp_channel_t>(i));
    check(amqp_get_rpc_reply(state), "channel");
  }
  return state;
}

std::string exchange_name(int group) { return "unit-" + std::to_string(group); }

void declare(const Settings& settings) {
  amqp_connection_state_t state = connect(settings);
  std::vector<amqp_table_entry_t> entries;
  const auto text = [&](const char* key, const char* value) {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(key);
    entry.value.kind = AMQP_FIELD_KIND_UTF8;
    entry.value.value.bytes = amqp_cstring_bytes(value);
    entries.push_back(entry);
  };
  if (settings.queue_type == "quorum") {
    text("x-queue-type", "quorum");
  } else if (settings.queue_type == "lazy") {
    text("x-queue-mode", "lazy");
  } else if (settings.queue_type == "classic-v2") {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes("x-queue-version");
    entry.value.kind = AMQP_FIELD_KIND_I32;
    entry.value.value.i32 = 2;
    entries.push_back(entry);
  }
  const amqp_table_t queue_arguments = {static_cast<int>(entries.size()), entries.data()};
  for (int group = 0; group < settings.groups; ++group) {
    const std::string exchange = exchange_name(group);
    amqp_exchange_declare(state, 1, bytes_of(exchange), amqp_cstring_bytes("fanout"), 0, 1, 0, 0,
                          amqp_empty_table);
    check(amqp_get_rpc_reply(state), "exchange");
    for (int i = 0; i < settings.queues; ++i) {
      const std::string queue =
          settings.queue_type + "-" + std::to_string(group) + "-" + std::to_string(i);
      amqp_queue_declare(state, 1, bytes_of(queue), 0, 1, 0, 0, queue_arguments);
      check(amqp_get_rpc_reply(state), "queue");
      amqp_queue_bind(state, 1, bytes_of(queue), bytes_of(exchange), amqp_empty_bytes,
                      amqp_empty_table);
      check(amqp_get_rpc_reply(state), "bind");
    }
  }
  amqp_connection_close(state, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(state);
}

// Removes the queues, so that every round starts empty.
void remove(const Settings& settings) {
  amqp_connection_state_t state = connect(settings);
  for (int group = 0; group < settings.groups; ++group) {
    for (int i = 0; i < settings.queues; ++i) {
      const std::string queue =
          settings.queue_type + "-" + std::to_string(group) + "-" + std::to_string(i);
      amqp_queue_delete(state, 1, bytes_of(queue), 0, 0);
      check(amqp_get_rpc_reply(state), "delete");
    }
  }
  amqp_connection_close(state, AMQP_REPLY_SUCCESS);
  amqp_destroy_connection(state);
}

// One connection: publishes its share and waits for every confirm.
class Publisher {
 public:
  Publisher(const Settings& settings, const std::vector<std::string>* bodies,
            std::atomic<std::size_t>* next)
      : settings_(settings),
        bodies_(bodies),
        next_(next),
        state_(connect(settings)),
        outstanding_(static_cast<std::size_t>(settings.channels) + 1) {
    for (int i = 1; i <= settings.channels; ++i) {
      amqp_confirm_select(state_, static_cast<amqp_channel_t>(i));
      check(amqp_get_rpc_reply(state_), "confirm");
    }
  }
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() {
    amqp_connection_close(state_, AMQP_REPLY_SUCCESS);
    amqp_destroy_connection(state_);
  }

  void run() {
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.delivery_mode = 2;
    int channel = 0;
    for (std::size_t i = (*next_)++; i < bodies_->size(); i = (*next_)++) {
      channel = channel % settings_.channels + 1;
      const std::string exchange =
          exchange_name(static_cast<int>(i % static_cast<std::size_t>(settings_.groups)));
      waiting_[static_cast<std::size_t>(channel)];
      outstanding_[static_cast<std::size_t>(channel)].push_back(Clock::now());
      if (amqp_basic_publish(state_, static_cast<amqp_channel_t>(channel), bytes_of(exchange),
                             amqp_empty_bytes, 0, 0, &properties,
                             bytes_of((*bodies_)[i])) != AMQP_STATUS_OK) {
        bench::die("rabbitmq: publish failed");
      }
      ++in_flight_;
      while (in_flight_ >= settings_.window) {
        take_confirm();
      }
    }
    while (in_flight_ > 0) {
      take_confirm();
    }
  }

  load::Latencies latencies;
  std::uint64_t confirmed = 0;

 private:
  void take_confirm() {
    amqp_maybe_release_buffers(state_);
    amqp_frame_t frame;
    timeval limit{60, 0};
    const int status = amqp_simple_wait_frame_noblock(state_, &frame, &limit);
    if (status != AMQP_STATUS_OK) {
      bench::die(std::string("rabbitmq: no confirm: ") + amqp_error_string2(status));
    }
    if (frame.frame_type != AMQP_FRAME_METHOD || frame.payload.method.id != AMQP_BASIC_ACK_METHOD) {
      bench::die("rabbitmq: a message was not confirmed");
    }
    const auto* ack = static_cast<amqp_basic_ack_t*>(frame.payload.method.decoded);
    const auto channel = static_cast<std::size_t>(frame.channel);
    const std::uint64_t first = acked_until_[channel];
    Channel& seen = waiting_[channel];
    const Clock::time_point now = Clock::now();
    const auto confirm = [&](std::uint64_t tag) {
      if (!seen.done[tag]) {
        seen.done[tag] = true;
        const auto index = static_cast<std::size_t>(tag - first - 1);
        latencies.add(
            std::chrono::duration<double, std::milli>(now - outstanding_[channel][index]).count());
        ++confirmed;
        --in_flight_;
      }
    };
    for (std::uint64_t tag = ack->multiple != 0 ? first + 1 : ack->delivery_tag;
         tag <= ack->delivery_tag; ++tag) {
      confirm(tag);
    }
    while (!seen.done.empty() && seen.done.begin()->first == acked_until_[channel] + 1 &&
           seen.done.begin()->second) {
      seen.done.erase(seen.done.begin());
      outstanding_[channel].pop_front();
      ++acked_until_[channel];
    }
  }

  struct Channel {
    std::map<std::uint64_t, bool> done;
  };

  const Settings& settings_;
  const std::vector<std::string>* bodies_;
  std::atomic<std::size_t>* next_;
  amqp_connection_state_t state_;
  std::vector<std::deque<Clock::time_point>> outstanding_;  // by channel, oldest first
  std::map<std::size_t, Channel> waiting_;
  std::map<std::size_t, std::uint64_t> acked_until_;
  std::size_t in_flight_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  Settings settings;
  settings.port = static_cast<int>(arguments.number("port", 5672));
  settings.connections = static_cast<int>(arguments.number("connections", 1));
  settings.channels = static_cast<int>(arguments.number("channels", 1));
  settings.window = static_cast<std::size_t>(arguments.number("window", 256));
  settings.groups = static_cast<int>(arguments.number("groups", 1));
  settings.queues = static_cast<int>(arguments.number("recipients", 5));
  settings.queue_type = arguments.text("queue-type", "classic");
  const auto count = static_cast<std::size_t>(arguments.number("count", 2000));
  const bench::Plan plan(arguments.text("plan", "plan.txt"), 0);
  bench::Stock stock(&plan, static_cast<std::size_t>(arguments.number("size", 20480)),
                     static_cast<std::size_t>(settings.queues),
                     static_cast<std::uint64_t>(arguments.number("run", 1)));
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < count; ++i) {
    const bench::Stock::Document document = stock.next();
    bodies.push_back(document.front + *document.back);
  }
  declare(settings);
  std::atomic<std::size_t> next{0};
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (int i = 0; i < settings.connections; ++i) {
    publishers.push_back(std::make_unique<Publisher>(settings, &bodies, &next));
  }
  const Clock::time_point start = Clock::now();
  std::vector<std::thread> threads;
  for (const auto& publisher : publishers) {
    threads.emplace_back([&publisher] { publisher->run(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  load::Latencies latencies;
  std::uint64_t confirmed = 0;
  for (const auto& publisher : publishers) {
    latencies.append(publisher->latencies);
    confirmed += publisher->confirmed;
  }
  publishers.clear();
  remove(settings);
  bench::Figures figures;
  figures.add("per_second", static_cast<double>(confirmed) / seconds);
  figures.add_latencies(latencies);
  figures.add("seconds", seconds);
  figures.add_count("accepted", confirmed);
  figures.print();
  return confirmed == count ? 0 : 1;
}
