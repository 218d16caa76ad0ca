//! One connection, from its first octet to what it wanted.

use super::budget::Budget;
use super::caller::{self, Caller, Standing};
use super::head::{self, Refusal, Request};
use super::lobby::{Lobby, Place};
use super::{Doors, reply, socket, upgrade};
use crate::page;
use crate::seldom::Seldom;
use crate::setup::Patience;
use crate::stop::Stop;
use crate::walk::Walk;
use platform::peer::{Connection, Peers};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// The first octet of a TLS record that begins a handshake (RFC 8446 §5.1); no HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// How long a connection of another user of the machine is looked at.
const FOREIGN: Duration = Duration::from_secs(1);

/// Connections of other users that are looked at at once. They have places of their own, and take none of this user's.
const FOREIGN_PLACES: usize = 8;

/// Connections that have not said yet what they want; a quarter of a browser's whole limit of sockets.
const LOBBY: usize = 64;

/// How long each of them may stand there even when others wait for the place.
const CROWDED: Duration = Duration::from_secs(1);

/// A head is read in pieces of this size; browsers' fit into one.
const PIECE: usize = 4 * 1024;

/// How long to wait when the system gives no more sockets.
const OUT_OF_SOCKETS: Duration = Duration::from_millis(200);

/// What every connection needs.
pub(crate) struct Hall {
    pub(crate) port: u16,
    pub(crate) frame_bytes: usize,
    pub(crate) connections: usize,
    /// The octets of all messages.
    pub(crate) budget: Budget,
    pub(crate) patience: Patience,
    pub(crate) peers: Arc<dyn Peers>,
    pub(crate) tls: TlsAcceptor,
    pub(crate) walk: Arc<Walk>,
    /// How many looks for calling programs go on at once.
    pub(crate) lookups: Arc<Semaphore>,
    /// Heads that were refused.
    pub(crate) refused: Seldom,
    /// The person's own language, for a browser that names none of ours.
    pub(crate) settings: Arc<settings::Live>,
}

impl Hall {
    /// The language of sentences that no page chose, as it is set now.
    fn locale(&self) -> texts::Locale {
        crate::language(&self.settings.now().settings)
    }
}

/// The places that there are.
struct Places {
    lobby: Arc<Lobby>,
    foreign: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

/// Whose connection it is, and the place that it takes.
enum Guest {
    Ours(Connection, Place),
    /// Another user's, or of nobody that the system tells of.
    Stranger(Refusal, OwnedSemaphorePermit),
    /// A stranger for whom there is no place, or one that has gone; it is closed without a word.
    Nobody,
}

/// Serves both doors until `stop` says so, then waits for the open sockets to be closed.
pub(crate) async fn serve(doors: Doors, hall: Arc<Hall>, stop: Stop) {
    let places = Places {
        lobby: Lobby::new(LOBBY, CROWDED),
        foreign: Arc::new(Semaphore::new(FOREIGN_PLACES)),
        open: Arc::new(Semaphore::new(hall.connections)),
    };
    let mut connections = JoinSet::new();
    let mut stopped = stop.clone();
    loop {
        let accepted = tokio::select! {
            () = stopped.said() => break,
            accepted = accept(&doors.v4, doors.v6.as_ref()) => accepted,
        };
        match accepted {
            Ok(stream) => {
                // Whose it is comes first of all: another user's connections must not stand in this user's way.
                let guest = tokio::select! {
                    () = stopped.said() => break,
                    guest = receive(&stream, &hall, &places) => guest,
                };
                let (hall, open, mut stop) = (Arc::clone(&hall), Arc::clone(&places.open), stop.clone());
                connections.spawn(async move {
                    let served = match guest {
                        Guest::Ours(connection, place) => {
                            let deadline = tokio::time::Instant::now() + hall.patience.handshake;
                            let arrival = Arrival { connection, place, open, deadline, stop };
                            serve_ours(stream, &hall, arrival).await
                        }
                        Guest::Stranger(refusal, _place) => tokio::select! {
                            refused = refuse(stream, &hall, refusal) => refused,
                            () = stop.said() => Ok(()),
                        },
                        Guest::Nobody => Ok(()),
                    };
                    if let Err(error) = served {
                        tracing::debug!(%error, "a connection ended before it wanted anything");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(OUT_OF_SOCKETS).await;
            }
        }
        // Those that ended; without this the set would keep each of them.
        while connections.try_join_next().is_some() {}
    }
    drop(doors);
    let patience = hall.patience.closing;
    if tokio::time::timeout(patience, async { while connections.join_next().await.is_some() {} }).await.is_err() {
        connections.shutdown().await;
    }
}

/// Gives a connection a place.
async fn receive(stream: &TcpStream, hall: &Hall, places: &Places) -> Guest {
    let (Ok(ours), Ok(theirs)) = (stream.local_addr(), stream.peer_addr()) else {
        return Guest::Nobody;
    };
    let connection = Connection { ours, theirs };
    let refusal = match caller::standing(&*hall.peers, &connection) {
        Standing::Ours => return Guest::Ours(connection, places.lobby.enter().await),
        Standing::Foreign => Refusal::AnotherUser,
        Standing::Unknown => Refusal::UnknownUser,
    };
    match Arc::clone(&places.foreign).try_acquire_owned() {
        Ok(place) => Guest::Stranger(refusal, place),
        Err(_) => Guest::Nobody,
    }
}

async fn accept(v4: &TcpListener, v6: Option<&TcpListener>) -> io::Result<TcpStream> {
    let v6 = async {
        match v6 {
            Some(v6) => v6.accept().await,
            None => std::future::pending().await,
        }
    };
    let (stream, _) = tokio::select! {
        accepted = v4.accept() => accepted?,
        accepted = v6 => accepted?,
    };
    Ok(stream)
}

/// A connection of this user's, until it has said what it wants.
struct Arrival {
    connection: Connection,
    place: Place,
    /// The places of open sockets.
    open: Arc<Semaphore>,
    /// When it must have said it.
    deadline: tokio::time::Instant,
    stop: Stop,
}

impl Arrival {
    /// Waits for the peer as long as it may keep its place.
    async fn wait<T>(&mut self, future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
        tokio::select! {
            done = within(self.deadline, future) => done,
            () = self.place.needed() => Err(io::Error::other("its place was needed")),
            // A socket that says nothing must not keep a listener that stops.
            () = self.stop.said() => Err(io::ErrorKind::Interrupted.into()),
        }
    }

    /// A place among the open sockets. Over the limit nobody is sent away, unless others need the place to wait in.
    async fn open(&mut self) -> io::Result<OwnedSemaphorePermit> {
        tokio::select! {
            permit = Arc::clone(&self.open).acquire_owned() => permit.map_err(io::Error::other),
            () = self.place.needed() => Err(io::Error::other("its place was needed")),
            () = self.stop.said() => Err(io::ErrorKind::Interrupted.into()),
        }
    }
}

/// Serves one connection of this user's. An error is the peer's affair: it broke off, was too slow, or does not speak
/// TLS.
async fn serve_ours(stream: TcpStream, hall: &Hall, mut arrival: Arrival) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut first = [0];
    if arrival.wait(stream.peek(&mut first)).await? == 0 {
        return Ok(());
    }
    if first == [TLS_HANDSHAKE] {
        let stream = arrival.wait(hall.tls.accept(stream)).await?;
        request(stream, hall, arrival).await
    } else {
        request(stream, hall, arrival).await
    }
}

/// Says to a stranger that it is not heard, if it speaks HTTP; no handshake of TLS is spent on it.
async fn refuse(mut stream: TcpStream, hall: &Hall, refusal: Refusal) -> io::Result<()> {
    let deadline = tokio::time::Instant::now() + FOREIGN;
    let mut first = [0];
    if within(deadline, stream.peek(&mut first)).await? == 0 || first == [TLS_HANDSHAKE] {
        return Ok(());
    }
    // Closing a socket with unread octets would take the answer along.
    let _ = within(deadline, read_head(&mut stream, &mut Vec::new(), hall.port)).await?;
    let patience = Patience { sending: FOREIGN, closing: FOREIGN, ..hall.patience };
    say_goodbye(stream, &reply::refusal(refusal, hall.port, hall.locale()), patience).await
}

async fn within<T>(deadline: tokio::time::Instant, future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout_at(deadline, future).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

async fn request<S>(mut stream: S, hall: &Hall, mut arrival: Arrival) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut octets = Vec::with_capacity(PIECE);
    let head = arrival.wait(read_head(&mut stream, &mut octets, hall.port)).await?;
    match head {
        Ok((Request::Socket { key, origin }, length)) => {
            let beyond_head = octets.split_off(length);
            drop(octets);
            let _permit = arrival.open().await?;
            let upgraded =
                upgrade::upgrade(stream, &key, beyond_head, hall.frame_bytes, hall.budget.clone(), hall.patience);
            let open = within(tokio::time::Instant::now() + hall.patience.sending, upgraded).await?;
            let Arrival { connection, place, stop, .. } = arrival;
            drop(place);
            let caller = Caller::new(origin, connection, Arc::clone(&hall.peers), Arc::clone(&hall.lookups));
            socket::converse(open, caller, Arc::clone(&hall.walk), hall.patience, stop).await;
            Ok(())
        }
        Ok((Request::Page(wanted), _)) => {
            let locale = page::locale(wanted.lang.as_deref(), wanted.accept_language.as_deref(), hall.locale());
            let answer = reply::page(&page::render(locale, &wanted.host, &hall.walk.moment()), wanted.is_head);
            say_goodbye(stream, &answer, hall.patience).await
        }
        Err(refusal) => {
            if let Some(times) = hall.refused.happened() {
                tracing::info!(?refusal, times, "a request is refused");
            }
            say_goodbye(stream, &reply::refusal(refusal, hall.port, hall.locale()), hall.patience).await
        }
    }
}

/// Reads up to the end of the head. The end of the stream before it is nobody's request.
async fn read_head<S>(stream: &mut S, octets: &mut Vec<u8>, port: u16) -> io::Result<Result<(Request, usize), Refusal>>
where
    S: AsyncRead + Unpin,
{
    loop {
        octets.reserve(PIECE);
        if stream.read_buf(octets).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match head::read(octets, port) {
            Ok(None) => {}
            Ok(Some(found)) => return Ok(Ok(found)),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
}

/// Sends a last answer and closes.
async fn say_goodbye<S>(mut stream: S, answer: &[u8], patience: Patience) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let deadline = tokio::time::Instant::now() + patience.sending;
    within(deadline, async {
        stream.write_all(answer).await?;
        stream.shutdown().await
    })
    .await?;
    linger(&mut stream, patience.closing).await;
    Ok(())
}

/// Reads what still comes and throws it away. Closing a socket with unread octets resets the connection, and the peer
/// may then never see the answer that was sent before.
pub(super) async fn linger<S>(stream: &mut S, patience: Duration)
where
    S: AsyncRead + Unpin,
{
    let drain = async {
        let mut rubbish = vec![0; PIECE];
        while matches!(stream.read(&mut rubbish).await, Ok(read) if read != 0) {}
    };
    // A peer that goes on sending has had its time.
    let _ = tokio::time::timeout(patience, drain).await;
}
